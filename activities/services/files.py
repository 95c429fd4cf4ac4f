"""Add files to activities and take them away; the limits are settings of the installation."""

import secrets
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Activity, Attachment
from activities.services import rows
from bpm_portal.common.errors import Forbidden, Invalid, NotFound

MOST = 50  # files of one activity


def attach_file(*, activity_id: int, upload: "UploadedFile[Any]", by: Any, now: datetime) -> Attachment:
    """Keep the file under a random name. Raises Invalid for one that is too large or of another type."""
    activity = rows.visible(activity_id, by)
    rows.refuse_closed(activity)
    name = PurePath((upload.name or "").replace("\\", "/").replace("\x00", "")).name[-200:]
    ending = PurePath(name).suffix.lower().lstrip(".")
    if ending not in settings.ATTACHMENT_TYPES:
        known = ", ".join(sorted(settings.ATTACHMENT_TYPES))
        raise Invalid(file=_("Files of this type are not kept. Known types: %(types)s.") % {"types": known})
    if not upload.size or upload.size > settings.ATTACHMENT_SIZE:
        most = settings.ATTACHMENT_SIZE // 2**20
        raise Invalid(file=_("The file is empty or larger than %(most)s MB.") % {"most": most})
    if activity.attachments.count() >= MOST:
        raise Invalid(file=_("There are many files here already. Delete one first."))
    attachment = Attachment(activity=activity, name=name, size=upload.size, added_by=by, added_at=now)
    token = secrets.token_hex(16)
    # No ending: nothing that serves or opens the folder by mistake takes it for a page or a program.
    attachment.file.save(f"attachments/{token[:2]}/{token}", upload, save=False)
    try:
        attachment.save()
    except BaseException:
        attachment.file.delete(save=False)
        raise
    return attachment


def delete_attachment(*, attachment_id: int, by: Any) -> int:
    """Take the file away; by who added it or who owns the activity. Returns the activity's id."""
    attachment = visible_attachment(attachment_id, by)
    if by.pk not in (attachment.added_by_id, attachment.activity.owner_id) and not by.is_superuser:
        raise Forbidden
    with transaction.atomic():
        drop_file(attachment)
        attachment.delete()
    return int(attachment.activity_id)


def drop_file(attachment: Attachment) -> None:
    """Take the file off the disk once its row is gone for good."""
    storage, name = attachment.file.storage, str(attachment.file.name)
    transaction.on_commit(partial(storage.delete, name), robust=True)


def visible_attachment(attachment_id: int, by: Any) -> Attachment:
    """The attachment of an activity that `by` may see. Raises NotFound."""
    found: Attachment | None = Attachment.objects.select_related("activity").filter(pk=attachment_id).first()
    if found is None or not Activity.objects.visible_to(by).filter(pk=found.activity_id).exists():
        raise NotFound
    return found
