"""What becomes of steps whose record is to be deleted: pending ones keep it, finished ones go over to their card."""

from datetime import datetime
from typing import Any

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bpm_portal.common.errors import Conflict
from processes.cards import CARD, card_of
from processes.models import ProcessInstance, ProcessStep
from records.models import Record

NAMED = 3  # steps in the sentence


def hold_instances(*, record_id: int) -> None:
    """Wait for the turns of the instances on a record that is to be deleted, and let none begin meanwhile.

    A turn locks its root before it needs the record; a deletion that did it the other way round would wait in a circle.
    """
    roots = ProcessInstance.objects.live().filter(record=record_id).annotate(top=Coalesce("root", "id"))
    tops = ProcessInstance.objects.filter(pk__in=roots.order_by().values("top"))
    list(tops.order_by("pk").select_for_update().values_list("pk"))


def let_go_of_record(*, record: Record, by: Any, now: datetime) -> None:
    """Move finished steps to the process cards of their instances, where they keep the caption of the record.

    Called under the lock of the record, before it is deleted. Raises Conflict while a step waits on it, as its subject
    or through its activity: it would lose what it is about. An instance that merely works on the record goes on
    without it; what it opens from then on hangs on its card.
    """
    waiting = ProcessStep.objects.on_record(record.pk).filter(status__in=ProcessStep.LIVE)
    if waiting.exists():
        raise Conflict(_refusal(waiting, by))
    if record.record_type.code == CARD:  # there is nowhere else to go
        return
    finished = ProcessStep.objects.filter(record=record.pk)
    instances = ProcessInstance.objects.filter(pk__in=finished.values("instance"))
    for instance in instances.only("id", "caption", "starter_id"):
        card_id, _caption = card_of(instance, now=now)
        finished.filter(instance=instance).update(record=card_id)


def _refusal(waiting: Any, by: Any) -> str:
    """Names what the reader may see of it, counts the rest, and says the way out."""
    seen = list(waiting.visible_to(by).order_by("id")[:NAMED]) if by is not None else []
    others = waiting.count() - len(seen)
    names = [f"“{step}” ({step.instance_caption})" for step in seen]
    if others:
        more = ngettext("one task more", "%(number)d tasks more", others) if seen else ngettext(
            "one task that is not yours to see", "%(number)d tasks that are not yours to see", others
        )  # fmt: skip
        names.append(more % {"number": others})
    return _(
        "Tasks wait on this record: %(tasks)s. Have them finished, or their processes cancelled, then delete it."
    ) % {"tasks": ", ".join(names)}
