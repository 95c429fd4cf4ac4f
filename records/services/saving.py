"""Add, change and delete records, each with its history and its news."""

import enum
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Func, Subquery, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bpm_portal.common.errors import Conflict, NotFound
from records import lifecycle
from records.fields import clean_text
from records.models import FieldChange, Record, RecordField, RecordType
from records.services.staying import stay_looked_up
from records.values import Problems, check_values, default_values, make_caption, missing_fields, refuse


class Keep(enum.Enum):
    """The type of `KEEP`."""

    KEEP = enum.auto()


NAMED = 3  # records in a sentence
KEEP: Final = Keep.KEEP  # an argument left as it is, where None means something


def create_record(
    *,
    record_type: RecordType,
    values: Mapping[str, Any],
    by: Any,
    now: datetime,
    caption: str = "",
    external_id: str = "",
    external_url: str = "",
    owner: Any = None,
    defaults: Mapping[str, Any] | None = None,
) -> Record:
    """A new record; `values` maps field codes to what was entered, `defaults` to stored values that it begins with,
    beside those of the section.

    The caption comes from the section's template, else it is the one given, else the first filled field.
    Raises Invalid whose `detail` maps a field code to its messages. Whether `by` may add to the section is
    asked by the caller; what lookups may point to is checked here (`by` None: anything).
    """
    known = {**default_values(record_type), **(defaults or {})}
    data, problems = check_values(record_type, values, stored=known, by=by)
    problems = {**missing_fields(record_type, {**known, **values}), **problems}
    data = {code: value for code, value in {**known, **data}.items() if value is not None}
    record = Record(
        record_type=record_type,
        data=data,
        caption=make_caption(record_type, data, caption),
        external_id=external_id,
        external_url=external_url,
        owner=owner,
        created_at=now,
        created_by=by,
        updated_at=now,
    )
    refuse({**_attribute_problems(record), **problems})
    changed = {code: (None, value) for code, value in data.items()}
    with transaction.atomic():
        stay_looked_up(record_type.fields.all(), changed)
        _save(record)
        lifecycle.tell(lifecycle.Change("added", record, changed, by, now))
    return record


def change_record(
    *,
    record: Record,
    values: Mapping[str, Any],
    by: Any,
    now: datetime,
    caption: str | None = None,
    external_id: str | None = None,
    external_url: str | None = None,
    owner: Any = KEEP,
    seen: int | None = None,
) -> Record:
    """The record with these values; what is not named stays. Nothing is written where nothing changes.

    `seen` is the id of the last change (`FieldChange`, 0: none) that was known to the person who typed the
    values: what they left alone and somebody else has changed since stays changed, what both changed is a
    problem of that field. Raises Invalid (`detail`: field code -> messages) and NotFound.
    """
    with transaction.atomic():
        # Others may name it meanwhile: two records that begin to point at each other do not wait for each other.
        record = _locked(Record.objects.select_for_update(of=("self",), no_key=True), record)
        record_type = record.record_type
        since = {} if seen is None else _first_changes_since(record, seen)
        values = _without_stale(record, values, since)
        if "caption" in since and caption == since["caption"].old:
            caption = None
        if "owner" in since and owner is not KEEP and _person(owner) == since["owner"].old:
            owner = KEEP
        parsed, problems = check_values(record_type, values, stored=record.data, by=by)
        before = _state(record)
        record.data = {k: v for k, v in {**record.data, **parsed}.items() if v is not None}
        if external_id is not None:
            record.external_id = external_id
        if external_url is not None:
            record.external_url = external_url
        if owner is not KEEP:
            record.owner = owner
        typed = record.caption if caption is None else caption
        record.caption = make_caption(record_type, record.data, typed)
        refuse({**_attribute_problems(record), **problems})
        changed = _differences(before, _state(record))
        if not changed:
            return record
        stay_looked_up(record_type.fields.all(), changed)
        record.updated_at = now
        _save(record)
        FieldChange.objects.bulk_create(
            FieldChange(record=record, field=code, old=old, new=new, by=by, at=now)
            for code, (old, new) in changed.items()
        )
        if "caption" in changed:
            transaction.on_commit(lambda: _carry_caption(record), robust=True)
        lifecycle.tell(lifecycle.Change("changed", record, changed, by, now))
    return record


def delete_record(*, record: Record, by: Any, now: datetime) -> None:
    """Delete the record and its history; raises Conflict while steps or other records hang on it.

    Who hears of it gets the record with the id it had.
    """
    with transaction.atomic():
        lifecycle.hold(record.pk)
        record = _locked(Record.objects.select_for_update(of=("self",)), record)
        pk = record.pk
        referring = Record.objects.referring_to(record)
        if referring.exists():
            raise Conflict(_referred_to(referring, by))
        lifecycle.let_go(record, by, now)
        try:
            record.delete()
        except models.ProtectedError as error:
            raise Conflict(
                _("This is the card of a process: what was done in it hangs on it, so it stays.")
            ) from error
        record.pk = pk
        lifecycle.tell(lifecycle.Change("deleted", record, {}, by, now))


def _referred_to(referring: Any, by: Any) -> str:
    """Names what the reader may see of the records that refer to one, counts the rest, and says the way out."""
    seen = list(referring.visible_to(by).order_by("id")[:NAMED]) if by is not None else []
    others = referring.count() - len(seen)
    names = [f"“{other}”" for other in seen]
    if others:
        names.append(ngettext("one record more", "%(number)d records more", others) % {"number": others})
    if not seen:
        return _("Other records refer to this one. Change their fields first, then delete it.")
    return _("Records refer to this one: %(records)s. Change their fields first, then delete it.") % {
        "records": ", ".join(names)
    }


def refusals(*, records: Iterable[Record], by: Any, now: datetime) -> list[str]:
    """Why these could not be deleted now, one after the other; found by doing it and taking it back."""
    found = []
    with transaction.atomic():
        for record in records:
            try:
                with transaction.atomic():
                    delete_record(record=record, by=by, now=now)
            except Conflict as refusal:
                found.append(f"{record}: {refusal.message}")
        transaction.set_rollback(True)
    return found


def _locked(rows: Any, record: Record) -> Record:
    locked: Record | None = rows.with_fields().filter(pk=record.pk).first()
    if locked is None:
        raise NotFound
    return locked


def _attribute_problems(record: Record) -> Problems:
    """What is wrong with the caption and the external names."""
    problems: Problems = {}
    if not record.caption:
        problems["caption"] = [_("Give the record a caption, or fill one of its fields.")]
    for name in ("caption", "external_id", "external_url"):
        try:
            clean_text(getattr(record, name))
        except ValidationError as error:
            problems[name] = list(error.messages)
    try:
        record.clean_fields(exclude=["record_type", "owner", "created_by", "data", "caption", *problems])
        if record.caption and "caption" not in problems:
            Record._meta.get_field("caption").run_validators(record.caption)
    except ValidationError as error:
        found = error.message_dict if hasattr(error, "error_dict") else {"caption": error.messages}
        problems.update({name: list(messages) for name, messages in found.items()})
    return problems


def _save(record: Record) -> None:
    """Insert or update; the database knows whether the external id is taken."""
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        if "record_external_id_once_per_type" not in str(error):
            raise
        taken = gettext_lazy("Another record of this section has this external id.")
        refuse({"external_id": [str(taken)]})


def _state(record: Record) -> dict[str, Any]:
    """All that the field history follows, as it stores it."""
    return {
        **record.data,
        "caption": record.caption,
        "owner": _person(record.owner),
        "external_id": record.external_id or None,
        "external_url": record.external_url or None,
    }


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    codes = dict.fromkeys([*before, *after])
    return {c: (before.get(c), after.get(c)) for c in codes if before.get(c) != after.get(c)}


def _person(user: Any) -> dict[str, Any] | None:
    return {"id": user.pk, "caption": str(user)} if user else None


def _first_changes_since(record: Record, seen: int) -> dict[str, FieldChange]:
    """Of each field the first change after what was seen: its `old` is what the person saw."""
    since: dict[str, FieldChange] = {}
    for change in record.changes.filter(pk__gt=seen).order_by("pk"):
        since.setdefault(change.field, change)
    return since


def _without_stale(
    record: Record, values: Mapping[str, Any], since: Mapping[str, FieldChange]
) -> dict[str, Any]:
    """What this person really changed; raises Invalid for fields that somebody else changed meanwhile."""
    kept = {code: raw for code, raw in values.items() if code not in since}
    problems: Problems = {}
    touched = {code: raw for code, raw in values.items() if code in since}
    stored_then = {code: since[code].old for code in touched}
    parsed, _ignored = check_values(record.record_type, touched, stored=stored_then, by=None)
    for code, raw in touched.items():
        if code in parsed and parsed[code] == stored_then[code]:
            continue
        if code in parsed and parsed[code] == record.data.get(code):
            continue
        kept[code] = raw
        problems[code] = [_("Somebody else has changed this field meanwhile. Save again to overwrite it.")]
    refuse(problems)
    return kept


def _carry_caption(record: Record) -> None:
    """Bring the copies of the caption in other records' lookups up to date.

    After the commit, as two people renaming two records that point at each other would deadlock otherwise;
    the caption is read anew, so that the order in which two renames get here does not matter.
    """
    caption = Func(
        Subquery(Record.objects.filter(pk=record.pk).values("caption")),
        function="to_jsonb",
        output_field=models.JSONField(),
    )
    for field in RecordField.objects.filter(lookup_type_id=record.record_type_id):
        path = Value([field.code, "caption"], output_field=ArrayField(models.TextField()))
        Record.objects.filter(record_type_id=field.record_type_id).with_value(
            field.code, {"id": record.pk}
        ).update(data=Func(F("data"), path, caption, function="jsonb_set", output_field=models.JSONField()))
