"""All filtering of processes, instances and steps, with who may see what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from django.contrib.auth.models import Group
from django.db import connection, models
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from bpm_portal.accounts.models import User
from bpm_portal.accounts.roles import role_ids
from bpm_portal.accounts.substitution import standing_of
from bpm_portal.common.compiled import Statement
from bpm_portal.common.keyset import AnyOf, found_first
from bpm_portal.common.ways import EVERYTHING, Through, Way, any_of, branches, settled

HUMAN = ("activity", "record")
LIVE = ("running", "failed")
CANDIDATES = 10  # steps that a message tries; more than that many others are rarely as fast
LATEST = 1000  # instances of each way, in whose processes a log may be filtered
SEARCH_LIMIT = 1000  # matches that a search looks at; see `InstanceQuerySet.search`
#: Any of these lets a person administer processes: see everything of every process.
ADMIN_PERMISSIONS = (
    "processes.run_processinstance",
    "processes.cancel_processinstance",
    "processes.disable_process",
)


def is_process_admin(user: Any) -> bool:
    """Whether this user administers processes."""
    return user.is_superuser or any(user.has_perm(permission) for permission in ADMIN_PERMISSIONS)


class ProcessQuerySet(models.QuerySet[Any]):
    """Processes."""

    def startable_by(self, user: Any) -> Self:
        """Those that this user may start when they are enabled."""
        if user.is_superuser or user.has_perm("processes.start_process"):
            return self
        return self.filter(roles__in=role_ids(user)).distinct()

    def visible_to(self, user: Any) -> Self:
        """Those that this user may start; all for process administrators."""
        return self if is_process_admin(user) else self.startable_by(user)

    def with_instances_for(self, user: Any) -> Self:
        """Those of the latest instances that this user may see; all for process administrators, run or not."""
        if is_process_admin(user):
            return self
        instances = self.model._meta.get_field("instances").related_model._default_manager
        first, *others = (
            rows.order_by("-id").values("process")[:LATEST] for rows in instances.visible_branches(user)
        )
        return self.filter(pk__in=first.union(*others) if others else first)

    def search(self, text: str) -> Self:
        """With this text in the caption or the key."""
        text = text.replace("\x00", "").strip()
        return self.filter(Q(name__icontains=text) | Q(key__icontains=text)) if text else self

    def enabled(self, enabled: bool) -> Self:
        """Those that can be started, or those that cannot."""
        return self.filter(enabled=enabled)

    def of_section(self, code: str) -> Self:
        """Those that work on records of this section."""
        return self.filter(record_type__code=code)

    def for_library(self) -> Self:
        """With section, roles, the number of the current version and `live_count`; two queries in all."""
        instances = self.model._meta.get_field("instances").related_model._default_manager
        versions = self.model._meta.get_field("versions").related_model._default_manager
        live = instances.filter(process=OuterRef("pk"), status__in=LIVE, ended_at=None).order_by()
        current = versions.filter(process=OuterRef("pk"), is_current=True)
        return self.select_related("record_type").annotate(
            live_count=Coalesce(Subquery(live.values("process").annotate(n=Count("pk")).values("n")), 0),
            current_version=Subquery(current.values("number")[:1]),
        ).prefetch_related("roles")  # fmt: skip


class InstanceQuerySet(models.QuerySet[Any]):
    """Process instances."""

    def live(self) -> Self:
        """Running or failed, and not past their last end event."""
        return self.filter(status__in=("running", "failed"), ended_at=None)

    def roots(self) -> Self:
        """Those that no other instance has called."""
        return self.filter(root=None)

    def up_to(self, last_id: int) -> Self:
        """Those that were there when this one was the newest."""
        return self.filter(pk__lte=min(last_id, 2**63 - 1))

    def called_by(self, instance: Any) -> Self:
        """Those that call activities of this instance have made."""
        return self.filter(parent_step__instance=instance)

    def with_status(self, status: str) -> Self:
        """Those that stand there."""
        return self.filter(status=status)

    def of_process(self, key: str) -> Self:
        """Runs of the process with this key."""
        return self.filter(process__key=key)

    def of_version(self, number: int) -> Self:
        """Runs of the version with this number."""
        return self.filter(version__number=number)

    def live_by_version(self) -> dict[int, dict[str, int]]:
        """Of each version with live ones how many are `running` and how many have `failed`."""
        counts = {status: Count("pk", filter=Q(status=status)) for status in LIVE}
        return {
            row.pop("version"): row for row in self.live().order_by().values("version").annotate(**counts)
        }

    def started_by(self, user: Any) -> Self:
        """Started by this person."""
        return self.filter(starter=user)

    def on_record(self, record: Any) -> Self:
        """Working on this record: as their own one, or by a step of theirs."""
        steps = self.model._meta.get_field("steps").related_model._default_manager
        by_step = steps.filter(Q(record=record) | Q(activity__record=record)).values("instance")
        return self.filter(Q(record=record) | Q(pk__in=by_step))

    def started_between(self, since: datetime | None, until: datetime | None) -> Self:
        """Started at `since` or later and before `until`."""
        found = self.filter(started_at__gte=since) if since else self
        return found.filter(started_at__lt=until) if until else found

    def search(self, text: str) -> Self:
        """With this text in the caption or in that of the record; call it after all other filters.

        Each source is fenced by a limit: without it PostgreSQL merges the search with the order of the page
        around it, and for a rare word walks the whole log instead of the trigram index.
        """
        text = text.replace("\x00", "").strip()
        if not text:
            return self
        records = self.model._meta.get_field("record").related_model._default_manager
        named = records.filter(caption__icontains=text).order_by().values("pk")[:SEARCH_LIMIT]
        matching = self.order_by().select_related(None).values("pk")
        by_caption = matching.filter(caption__icontains=text)[:SEARCH_LIMIT]
        by_record = matching.filter(record__in=named)[:SEARCH_LIMIT]
        return self.filter(found_first(by_caption.union(by_record, all=True)))

    def for_list(self) -> Self:
        """With what a row of a list shows, in one query."""
        return self.select_related("process", "starter", "root").defer("variables", "root__variables")

    def for_page(self) -> Self:
        """With what the page of one instance shows, in one query."""
        related = ("process", "version", "starter", "record", "cancelled_by", "parent_step__instance")
        return self.select_related(*related).defer("version__source", "parent_step__instance__variables")

    def to_finish(self) -> Self:
        """Past their last end event, waiting for the worker."""
        return self.filter(status="running", ended_at__isnull=False)

    def visible_to(self, user: Any) -> Self:
        """What this user started or has (or had) a step of; all for process administrators."""
        return self.filter(any_of(self.ways(user)))

    def visible_branches(self, user: Any) -> list[Self]:
        """The same rows by the ways that lead to them, for pages of many (see `common.ways`)."""
        return branches(self, settled(self.ways(user)))

    def shown_to(self, user: Any) -> Self:
        """The same rows by one condition, for searches: what matches is found first, and then asked."""
        return self.filter(any_of(settled(self.ways(user))))

    def ways(self, user: Any) -> list[Way]:
        """How this user comes to see instances."""
        if is_process_admin(user):
            return list(EVERYTHING)
        steps = self.model._meta.get_field("steps").related_model._default_manager
        taking_part = branches(steps, steps.ways_of_performers(user))
        return [Q(starter=user), *(Through(rows, "instance") for rows in taking_part)]


class StepQuerySet(models.QuerySet[Any]):
    """Steps."""

    def pending(self) -> Self:
        """Waiting for somebody or something."""
        return self.filter(status="pending")

    def human(self) -> Self:
        """Those that wait (or waited) for a person."""
        return self.filter(waits_on__in=HUMAN)

    def unassigned(self) -> Self:
        """Pending human steps that nobody can do until an administrator reassigns them.

        They have no performer, or the one they had has left, or nobody is left in the role.
        """
        return self.pending().human().filter(any_of(self._ways_of_nobody()))

    def unassigned_branches(self) -> list[Self]:
        """The same rows by the ways that lead to them, for pages of many (see `common.ways`)."""
        return branches(self.pending().human(), self._ways_of_nobody())

    @staticmethod
    def _ways_of_nobody() -> list[Way]:
        """By id: that few people have left and few roles are empty, PostgreSQL does not know."""
        colleagues = User.groups.through.objects.filter(group=OuterRef("pk"), user__is_active=True)
        empty = Group.objects.filter(~Exists(colleagues)).values_list("pk", flat=True)
        left = User.objects.filter(is_active=False).values_list("pk", flat=True)
        return [
            Q(assignee=None, role=None),
            Q(assignee=None, role__in=list(empty)),
            Q(assignee__in=list(left)),
        ]

    @staticmethod
    def ways_of_performers(user: Any) -> list[Way]:
        """Steps that are (or were) mine or my role's, or theirs for whom I stand in; who closes one is given it."""
        standing = standing_of(user)
        human = Q(waits_on__in=HUMAN)  # as the indexes have it
        people = (human & Q(assignee=person) for person in standing.person_ids)
        return [*people, *(human & Q(role=role) for role in standing.role_ids)]

    def for_performer(self, user: Any) -> Self:
        """Pending human steps of this user, or of one of his roles and unclaimed; and theirs for whom he stands in."""
        standing = standing_of(user)
        mine = Q(assignee__in=standing.person_ids) | Q(assignee=None, role__in=standing.role_ids)
        return self.pending().human().filter(mine)

    def visible_to(self, user: Any) -> Self:
        """Those of instances that this user started, and those that he performs or performed."""
        return self.filter(any_of(self.ways(user)))

    def visible_branches(self, user: Any) -> list[Self]:
        """The same rows by the ways that lead to them, for pages of many (see `common.ways`)."""
        return branches(self, settled(self.ways(user)))

    def ways(self, user: Any) -> list[Way]:
        """How this user comes to see steps."""
        if is_process_admin(user):
            return list(EVERYTHING)
        return [*self.ways_of_performers(user), Q(instance__starter=user)]

    def connected_to(self, user: Any, record_ids: Sequence[int]) -> Self:
        """Pending human steps that this user may see and that are connected to any of these records.

        Connected is a step whose subject the record is, or whose activity is connected to it.
        """
        sql, values = _connected(user, record_ids)
        found = RawSQL(f"ARRAY(SELECT id FROM ({sql}) connected)", values)  # noqa: S608, S611 - a constant
        return self.filter(AnyOf(F("pk"), found))

    def of_instance(self, instance: Any) -> Self:
        """The steps of one instance."""
        return self.filter(instance=instance)

    def of_instances(self, instance_ids: Sequence[int]) -> Self:
        """The live ones of these instances, oldest first."""
        return self.filter(instance__in=instance_ids, status__in=("pending", "failed")).order_by("id")

    def with_status(self, status: str) -> Self:
        """Those that stand there."""
        return self.filter(status=status)

    def of_process(self, key: str) -> Self:
        """Of instances of the process with this key."""
        return self.filter(instance__process__key=key)

    def on_record(self, record_id: int) -> Self:
        """Human steps that are or were about this record: as their subject or through their activity."""
        return self.human().filter(Q(record=record_id) | Q(activity__record=record_id))

    def done_on(self, record_id: int) -> Self:
        """Finished human steps whose subject is this record, the latest first.

        Needs no `visible_to`: as with its activities, whoever sees a record sees what was decided about it.
        """
        return self.filter(record=record_id, status="completed", waits_on="record").order_by(
            "-closed_at", "-id"
        )

    def for_list(self) -> Self:
        """With what a row of a list shows, in one query."""
        return self.select_related("assignee", "role", "closed_by", "closed_for", "activity")

    def elements(self) -> list[tuple[str, str]]:
        """Id and name of each element that these steps were at, by name."""
        pairs = self.order_by().values_list("element_id").annotate(label=Max("name"))
        return sorted(((key, label or key) for key, label in pairs), key=lambda pair: pair[1])

    def taken_flows(self) -> list[str]:
        """Ids of the sequence flows by which these steps were reached."""
        return list(self.exclude(flow_id="").order_by().values_list("flow_id", flat=True).distinct())

    def record_ids(self) -> set[int]:
        """Ids of the records that these steps are about, as their subject or through their activity."""
        pairs = self.human().order_by().values_list("record_id", "activity__record_id").distinct()
        return {key for pair in pairs for key in pair if key is not None}

    def waiting_on_topic(self, waits_on: str, topic: str) -> Self:
        """Subscriptions to a message or signal."""
        return self.pending().filter(waits_on=waits_on, topic=topic)

    def reached_by(self, user: Any) -> Self:
        """Steps that a message or signal of this user reaches: of processes that he may start, or instances he sees."""
        if is_process_admin(user):
            return self
        processes = (
            self.model._meta.get_field("instance").related_model._meta.get_field("process").related_model
        )
        instances = self.model._meta.get_field("instance").related_model._default_manager
        startable = Q(instance__process__in=processes._default_manager.startable_by(user).values("pk"))
        return self.filter(startable | Q(instance__in=instances.visible_to(user).values("pk")))

    def with_correlation(self, key: str) -> list[int]:
        """Ids of the first of those that wait with exactly this key."""
        found = self.filter(settings__correlation=key).order_by("id")
        return list(found.values_list("pk", flat=True)[:CANDIDATES]) if key else []

    def without_correlation(self) -> list[int]:
        """Ids of the first of those that take a message with any key."""
        found = self.exclude(settings__has_key="correlation").order_by("id")
        return list(found.values_list("pk", flat=True)[:CANDIDATES])

    def due_timers(self, now: datetime) -> Self:
        """Timers whose time has come and that nobody has claimed."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.pending().filter(free, waits_on="timer", due_at__lte=now)

    def to_remind_of(self, now: datetime) -> Self:
        """Pending ones whose performer is to be reminded now."""
        return self.pending().filter(remind_at__lte=now)

    def queued(self, now: datetime) -> Self:
        """Service steps, and answered human ones, that no worker holds."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.pending().filter(free, ~Q(topic=""), waits_on__in=("worker", *HUMAN))


# What is pending is found through the partial indexes; who may see it is asked of the few rows found. OFFSET 0 has
# them looked up one by one: joined, PostgreSQL reads everything that is pending instead.
CONNECTED = """
    WITH connected AS (
        SELECT s.id, s.record_id FROM processes_processstep s
         WHERE s.record_id = ANY(%s) AND s.status = 'pending'
        UNION
        SELECT s.id, a.record_id FROM (
            SELECT id, record_id, status FROM activities_activity WHERE record_id = ANY(%s) OFFSET 0) a
         CROSS JOIN LATERAL (
            SELECT id FROM processes_processstep WHERE activity_id = a.id AND status = 'pending' OFFSET 0) s
         WHERE a.status IN ('not_started', 'in_progress')
        UNION
        SELECT s.id, c.record_id FROM activities_activityconnection c CROSS JOIN LATERAL (
            SELECT id FROM processes_processstep WHERE activity_id = c.activity_id AND status = 'pending' OFFSET 0) s
         WHERE c.record_id = ANY(%s)
    )
    SELECT c.id, c.record_id FROM connected c
     CROSS JOIN LATERAL (SELECT * FROM processes_processstep WHERE id = c.id OFFSET 0) s
     CROSS JOIN LATERAL (SELECT starter_id FROM processes_processinstance WHERE id = s.instance_id OFFSET 0) i
     WHERE %s OR s.assignee_id = ANY(%s) OR s.role_id = ANY(%s) OR i.starter_id = %s
"""


def connected_steps(user: Any, record_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of pending human step and record that this user may see, for a whole page of records in one statement.

    The same rule as `StepQuerySet.visible_to`, so that the number on a row is the number of the chooser's entries.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_connected(user, record_ids))
        rows: list[tuple[int, int]] = cursor.fetchall()
        return rows


def _connected(user: Any, record_ids: Sequence[int]) -> Statement:
    ids, standing = list(record_ids), standing_of(user)
    who = [is_process_admin(user), standing.person_ids, standing.role_ids, user.pk]
    return CONNECTED, [ids, ids, ids, *who]
