"""Steps and instances follow when the caption of their record changes."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from activities.models import Activity
from processes.models import ProcessInstance, ProcessStep
from records.models import Record


def carry_caption(record_id: int) -> bool:
    """Bring the copies of the record's caption up to date, one tree of instances after the other; idempotent.

    Each under the lock of its root, as a turn writes back the rows that it has read.
    """
    caption = _caption(record_id)
    if caption is None:
        return True
    own = _instances(record_id).exclude(record_caption=caption)
    theirs = ProcessInstance.objects.filter(
        pk__in=_steps(record_id).exclude(record_caption=caption).values("instance")
    )
    roots: set[int] = set()
    for found in (own, theirs):
        roots.update(found.annotate(top=Coalesce("root", "pk")).values_list("top", flat=True))
    for root in sorted(roots):
        _carry_to_tree(root, record_id)
    return True


def _carry_to_tree(root: int, record_id: int) -> None:
    with transaction.atomic():
        ProcessInstance.objects.select_for_update(of=("self",)).filter(pk=root).first()
        caption = _caption(record_id)
        if caption is None:
            return
        tree = Q(pk=root) | Q(root=root)
        _instances(record_id).filter(tree).update(record_caption=caption)
        of_tree = ProcessInstance.objects.filter(tree).values("pk")
        _steps(record_id).filter(instance__in=of_tree).update(record_caption=caption)


def _caption(record_id: int) -> str | None:
    return Record.objects.filter(pk=record_id).values_list("caption", flat=True).first()


def _instances(record_id: int) -> QuerySet[ProcessInstance]:
    return ProcessInstance.objects.filter(record=record_id)


def _steps(record_id: int) -> QuerySet[ProcessStep]:
    activities = Activity.objects.filter(record=record_id).order_by().values("pk")
    return ProcessStep.objects.filter(Q(record=record_id) | Q(activity__in=activities))
