"""Process cards: the records that steps hang on when their instance has no record of its own."""

from datetime import datetime

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from processes.models import ProcessInstance
from processes.store import LockedInstance
from records.models import Record, RecordType

CARD = "process_card"
NAMES = {"name": _("Process card"), "name_plural": _("Process cards")}


def card_type() -> RecordType:
    """The section of process cards, made when it is first needed; it has no place in the menu."""
    record_type, _created = RecordType.objects.get_or_create(
        code=CARD, defaults=_names() | {"icon": "cards", "in_menu": False, "position": 900}
    )
    return record_type


def _names() -> dict[str, str]:
    with override("ru"):
        return NAMES | {f"{name}_ru": gettext(words) for name, words in NAMES.items()}


def card_of(instance: LockedInstance | ProcessInstance, *, now: datetime) -> tuple[int, str]:
    """Id and caption of the instance's card; made on first use."""
    card, _created = Record.objects.get_or_create(
        record_type=card_type(),
        external_id=f"instance-{instance.id}",
        defaults={
            "caption": instance.caption,
            "owner_id": instance.starter_id,
            "created_by_id": instance.starter_id,
            "created_at": now,
            "updated_at": now,
        },
    )
    return card.pk, card.caption
