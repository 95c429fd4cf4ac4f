"""Everything that reads activities: whose they are, who may see them, what matches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from django.db.models import Q, QuerySet

from activities import lifecycle
from bpm_portal.accounts.roles import role_ids
from bpm_portal.accounts.substitution import standing_of
from bpm_portal.common.keyset import found_first
from bpm_portal.common.ways import EVERYTHING, Many, Through, Way, any_of, beyond, branches, settled
from records.models import Record

SEARCH_LIMIT = 1000  # a search shows no more than so many rows of each source


class ActivityQuerySet(QuerySet[Any]):
    """Activities, narrowed step by step; nothing else filters them."""

    def mine(self, user: Any) -> Self:
        """Owned by this user."""
        return self.filter(owner=user)

    def roles_branches(self, user: Any) -> list[Self]:
        """Of a role of the user and taken by nobody; each role by itself, for pages of many (see `common.ways`)."""
        return [self.filter(owner__isnull=True, role=role) for role in role_ids(user)]

    def for_performer(self, user: Any) -> Self:
        """For this user to do: owned, or of a role and not taken; and what processes ask of whom he stands in for."""
        return self.filter(any_of(self.ways_to_perform(user)))

    def performer_branches(self, user: Any) -> list[Self]:
        """The same rows by the ways that lead to them, for pages of many (see `common.ways`)."""
        return branches(self, self.ways_to_perform(user))

    @staticmethod
    def ways_to_perform(user: Any) -> list[Way]:
        """How activities come to be this user's to do; each role is a way, as each is a range of the index."""
        standing = standing_of(user)
        mine = [Q(owner=user), *(Q(owner=None, role=role) for role in role_ids(user))]
        theirs = [
            *(Q(owner=person) for person in standing.absent_ids),
            *(Q(owner=None, role=role) for role in standing.role_ids if role not in role_ids(user)),
        ]
        return [*mine, *(way & ~Q(managed_by="") for way in theirs)]

    @staticmethod
    def ways_of_performers(user: Any) -> list[Way]:
        """Activities that are (or were) this user's or his roles', or theirs for whom he stands in.

        What somebody has noted for himself, without a process, reaches no substitute.
        """
        standing = standing_of(user)
        mine = [Q(owner=user), *(Q(role=role) for role in role_ids(user))]
        theirs = [
            *(Q(owner=person) for person in standing.absent_ids),
            *(Q(role=role) for role in standing.role_ids if role not in role_ids(user)),
        ]
        return [*mine, *(way & ~Q(managed_by="") for way in theirs)]

    def visible_to(self, user: Any) -> Self:
        """What this user may see: as owner, role member or author, by a record, or as an upper app says."""
        return self.filter(any_of(self.ways(user, _by_record(user))))

    def visible_branches(self, user: Any) -> list[Self]:
        """The same rows by the ways that lead to them, for pages of many (see `common.ways`)."""
        return branches(self, self._settled_ways(user))

    def shown_to(self, user: Any) -> Self:
        """The same rows by one condition, for searches: what matches is found first, and then asked."""
        return self.filter(any_of(self._settled_ways(user)))

    def _settled_ways(self, user: Any) -> list[Way]:
        """What leads to many records is left as it is: to look for the end of it would read them all."""
        by_record = settled(_by_record(user))
        many = [way for way in by_record if isinstance(way, Through)]
        few = settled(self.ways(user, [way for way in by_record if isinstance(way, Q)]))
        further = [Many(way.rows, way.column) for way in self._by_connection(many)]
        return few if Q() in few else [*few, *many, *further]

    def ways(self, user: Any, by_record: list[Way]) -> list[Way]:
        """How this user comes to see activities; `by_record` is how he does by what they are connected to."""
        if user.is_superuser or user.has_perm("activities.view_activity"):
            return list(EVERYTHING)
        return [
            *self.ways_of_performers(user),
            Q(author=user),
            *by_record,
            *self._by_connection(by_record),
            Through(user.participations.all(), "activity"),
            *lifecycle.reach(user),
        ]

    def _by_connection(self, by_record: Sequence[Way]) -> list[Through]:
        return [Through(rows, "activity") for rows in branches(self._connections, by_record)]

    @property
    def _connections(self) -> "QuerySet[Any]":
        connections: QuerySet[Any] = self.model._meta.get_field(
            "connections"
        ).related_model._default_manager.all()
        return connections

    def open(self) -> Self:
        """Not final: there is something left to do."""
        return self.filter(status__in=("not_started", "in_progress"))

    def final(self) -> Self:
        """Completed or cancelled: nothing changes any more."""
        return self.filter(status__in=("completed", "cancelled"))

    def with_status(self, status: str) -> Self:
        """Of one status; `open` and `final` stand for two each, an empty word for all."""
        if status == "open":
            return self.open()
        if status == "final":
            return self.final()
        return self.filter(status=status) if status else self

    def of_category(self, category: str) -> Self:
        """Tasks, calls, meetings or e-mails."""
        return self.filter(category=category)

    def of_process(self, text: str) -> Self:
        """Of an instance whose caption has this text."""
        return self.filter(process_caption__icontains=text)

    def of_role(self, role: Any) -> Self:
        """Of this role, taken by one of its members or not."""
        return self.filter(role=role)

    def for_calendar(self, since: datetime, until: datetime) -> Self:
        """What a calendar shows of this time: nothing cancelled, nothing that wants to be left out."""
        return self.between(since, until).filter(in_calendar=True).exclude(status="cancelled")

    def overdue(self, now: datetime) -> Self:
        """Open, and the due date has passed."""
        return self.open().filter(due_at__lt=now)

    def ad_hoc(self) -> Self:
        """Completed by people alone."""
        return self.filter(managed_by="")

    def for_record(self, record: Any) -> Self:
        """Connected to this record (or record id), be it the main one or a further one.

        Two indexed branches: one OR over both would walk all activities from the newest on.
        """
        main = self.model._default_manager.filter(record=record).order_by().values("pk")
        further = self._connections.filter(record=record).values("activity")
        return self.filter(pk__in=main.union(further, all=True))

    def between(self, since: datetime | None, until: datetime | None) -> Self:
        """Those that touch the time from `since` to before `until`; an activity without due is a moment."""
        found = self
        if since:
            found = found.filter(Q(starts_at__gte=since) | Q(due_at__gte=since))
        if until:
            found = found.filter(starts_at__lt=until)
        return found

    def search(self, text: str) -> Self:
        """Those with this text in the title or in the caption of their record; call it last.

        Each source is fenced by a limit: without it PostgreSQL may walk an index of dates for a rare word.
        """
        text = text.replace("\x00", "").strip()
        if not text:
            return self
        matching = self.order_by().select_related(None).values("pk")
        records = Record.objects.filter(caption__icontains=text).order_by().values("pk")[:SEARCH_LIMIT]
        by_title = matching.filter(title__icontains=text)[:SEARCH_LIMIT]
        by_record = matching.filter(record__in=records)[:SEARCH_LIMIT]
        found = self.model._default_manager.all()
        return found.filter(found_first(by_title.union(by_record, all=True)))  # type: ignore[no-any-return]

    def for_list(self) -> Self:
        """With what a row of a list shows, in one query."""
        return self.select_related("owner", "role")

    def for_page(self) -> Self:
        """With what the page of one activity shows, in one query."""
        return self.select_related("owner", "role", "author", "record", "closed_by", "closed_for")


def _by_record(user: Any) -> list[Way]:
    """From what has a `record` to those that this user may see."""
    return beyond("record", Record.objects.all(), Record.objects.ways(user))
