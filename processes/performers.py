"""Who performs a human step: names in the diagram resolved to people and roles in one statement."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

RESOLVE = """
    SELECT 'user', u.username::text, u.id::bigint, u.is_active, m.id, coalesce(m.is_active, false), ''
      FROM accounts_user u LEFT JOIN accounts_user m ON m.id = u.manager_id WHERE u.username = ANY(%(users)s)
    UNION ALL
    SELECT 'role', g.name::text, g.id::bigint,
           EXISTS (SELECT FROM accounts_user_groups x JOIN accounts_user y ON y.id = x.user_id
                    WHERE x.group_id = g.id AND y.is_active), NULL, false, ''
      FROM auth_group g WHERE g.name = ANY(%(roles)s)
    UNION ALL
    SELECT 'record', r.id::text, r.id, true, NULL, false, r.caption::text
      FROM (SELECT id, caption FROM records_record WHERE id = ANY(%(records)s) ORDER BY id FOR KEY SHARE) r
    UNION ALL
    SELECT 'step', '', nextval('processes_processstep_id_seq'), true, NULL, false, ''
      FROM generate_series(1, %(steps)s)
"""


@dataclass(frozen=True, slots=True)
class Request:
    """What a diagram says about one step: usernames, a role, and the lane it lies in."""

    assignee: str = ""
    manager_of: str = ""
    role: str = ""
    lane: str = ""
    record_ids: tuple[int, ...] = ()

    @classmethod
    def of(cls, settings: Mapping[str, Any], lane: str, record_ids: Iterable[int] = ()) -> "Request":
        """Read the request out of evaluated settings."""
        text = {name: str(settings.get(name) or "").strip() for name in ("assignee", "managerOf", "role")}
        return cls(text["assignee"], text["managerOf"], text["role"], lane, tuple(record_ids))


@dataclass(frozen=True, slots=True)
class Performer:
    """A user, or a role of which any member may take the step, or nobody; see `StepQuerySet.unassigned`."""

    assignee_id: int | None = None
    role_id: int | None = None


@dataclass(slots=True)
class Directory:
    """What one look-up found: people who are there or have left, roles with members or without, records, ids."""

    users: dict[str, int] = field(default_factory=dict)
    managers: dict[str, int] = field(default_factory=dict)
    roles: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    empty: dict[str, int] = field(default_factory=dict)
    records: dict[int, str] = field(default_factory=dict)
    step_ids: list[int] = field(default_factory=list)

    def performer(self, request: Request) -> Performer:
        """The performer of a step: who can do it, before those who cannot now.

        Who has left and a role without members keep what is named for them, as long as there is nobody else: so it
        reaches their substitutes, is in the unassigned queue, and theirs again when they are back.
        """
        assignee = self.users.get(request.assignee)
        if assignee is None:
            assignee = self.managers.get(request.manager_of)
        role = self.roles.get(request.role) or (None if assignee else self.roles.get(request.lane))
        if assignee is None and role is None:
            assignee = self.left.get(request.assignee)
            role = self.empty.get(request.role) or (None if assignee else self.empty.get(request.lane))
        return Performer(assignee, role)


def look_up(requests: Collection[Request], *, new_steps: int) -> Directory:
    """Resolve all requests of a turn and draw `new_steps` ids, in one statement (none when nothing is asked).

    Nobody deletes the records that it finds before the turn ends.
    """
    directory = Directory()
    if not requests and not new_steps:
        return directory
    params: dict[str, Any] = {
        "users": sorted({name for r in requests for name in (r.assignee, r.manager_of) if name}),
        "roles": sorted({name for r in requests for name in (r.role, r.lane) if name}),
        "records": sorted({record for r in requests for record in r.record_ids}),
        "steps": new_steps,
    }
    with connection.cursor() as cursor:
        cursor.execute(RESOLVE, params)
        for what, name, id_, alive, manager, manager_alive, caption in cursor:
            if what == "step":
                directory.step_ids.append(id_)
            elif what == "record":
                directory.records[id_] = caption
            elif what == "role":
                (directory.roles if alive else directory.empty)[name] = id_
            else:
                (directory.users if alive else directory.left)[name] = id_
                if manager_alive:
                    directory.managers[name] = manager
    directory.step_ids.sort()
    return directory
