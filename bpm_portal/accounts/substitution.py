"""For whom a person stands in: whose work reaches him besides his own, and in whose name he then does it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

#: One scalar, to be filled in with the person and the moment: the person and everybody whom he stands in for then,
#: each with the roles of that one. Not transitive: the substitute of a substitute gets nothing of the first one.
#: Absent people who have left count.
STANDING = """(
    SELECT coalesce(jsonb_object_agg(p.id, ARRAY(
               SELECT g.group_id FROM accounts_user_groups g WHERE g.user_id = p.id ORDER BY g.group_id)), '{{}}')
      FROM (SELECT {user} AS id UNION
            SELECT x.absent_id FROM accounts_substitution x
             WHERE x.substitute_id = {user} AND x.since <= {now} AND (x.until IS NULL OR x.until > {now})) p
     WHERE p.id IS NOT NULL)"""

_OF_ONE = "SELECT " + STANDING.format(user="%(user)s::bigint", now="%(now)s")
#: What this person may do, by himself or by a role: `app.codename`, as Django calls it.
_PERMISSIONS = """ARRAY(
    SELECT t.app_label || '.' || p.codename
      FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
     WHERE p.id IN (
        SELECT permission_id FROM accounts_user_user_permissions WHERE user_id = %(user)s UNION ALL
        SELECT gp.permission_id FROM auth_group_permissions gp JOIN accounts_user_groups g USING (group_id)
         WHERE g.user_id = %(user)s))"""
_WITH_PERMISSIONS = f"{_OF_ONE}, {_PERMISSIONS}"
_OF_MANY = "SELECT u.id, " + STANDING.format(user="u.id", now="%(now)s")
_OF_MANY += " FROM accounts_user u WHERE u.id = ANY(%(users)s)"


@dataclass(frozen=True, slots=True)
class Standing:
    """A person with those whom he stands in for, and the roles of each, by id."""

    person_id: int | None
    roles_of: Mapping[int, tuple[int, ...]]

    @classmethod
    def read(cls, person_id: int | None, found: str) -> "Standing":
        """What the scalar `STANDING` has given."""
        return cls(person_id, {int(key): tuple(roles) for key, roles in json.loads(found).items()})

    @property
    def own_role_ids(self) -> list[int]:
        """The roles of the person himself."""
        return list(self.roles_of.get(self.person_id or 0, ()))

    @property
    def absent_ids(self) -> list[int]:
        """Whom he stands in for."""
        return sorted(self.roles_of.keys() - {self.person_id})

    @property
    def person_ids(self) -> list[int]:
        """Whose steps are his to do: he comes first."""
        return [*([self.person_id] if self.person_id is not None else []), *self.absent_ids]

    @property
    def role_ids(self) -> list[int]:
        """The roles whose steps are his to do: his own come first, each once."""
        others = (role for absent in self.absent_ids for role in self.roles_of[absent])
        return list(dict.fromkeys([*self.own_role_ids, *others]))

    @property
    def alone(self) -> "Standing":
        """The same person with nobody to stand in for: for what is his in person."""
        mine = {key: roles for key, roles in self.roles_of.items() if key == self.person_id}
        return Standing(self.person_id, mine)

    def reaches(self, performer_id: int | None, role_id: int | None) -> bool:
        """What this performer or role has (or had) reaches him."""
        return performer_id in self.person_ids or role_id in self.role_ids

    def performs(self, performer_id: int | None, role_id: int | None) -> bool:
        """It is his to do: of a person, or of a role and not taken."""
        if performer_id is not None:
            return performer_id in self.person_ids
        return role_id is not None and role_id in self.role_ids

    def on_behalf_of(self, performer_id: int | None, role_id: int | None) -> int | None:
        """In whose name he does it; None where it is his own, or nothing of his at all."""
        if performer_id is not None:
            return performer_id if performer_id in self.absent_ids else None
        if role_id is None or role_id in self.own_role_ids:
            return None
        return next((absent for absent in self.absent_ids if role_id in self.roles_of[absent]), None)


def standing_of(user: Any, now: datetime | None = None) -> Standing:
    """As it is when first asked; remembered on the user object for the request."""
    known: Standing | None = getattr(user, "_standing", None)
    if known is None:
        [found] = _row(_OF_ONE, user, now or timezone.now())
        known = Standing.read(user.pk, found)
        remember(user, known)
    return known


def read_person(user: Any) -> set[str]:
    """The permissions of this person; whom he stands in for comes with them, as most pages ask for both."""
    found, permissions = _row(_WITH_PERMISSIONS, user, timezone.now())
    if not hasattr(user, "_standing"):
        remember(user, Standing.read(user.pk, found))
    return set(permissions)


def _row(sql: str, user: Any, now: datetime) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"user": user.pk, "now": now})
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def standings_of(user_ids: Iterable[int], now: datetime) -> dict[int, Standing]:
    """Those of many people, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_MANY, {"users": list(user_ids), "now": now})
        return {user_id: Standing.read(user_id, found) for user_id, found in cursor}


def remember(user: Any, standing: Standing) -> None:
    """Whoever has just read it spares the second look."""
    user._standing = standing


def absent_behind(user: Any, performer_id: int | None, role_id: int | None) -> Any:
    """The person in whose name this user does what is of this performer or role; None where it is his own.

    One statement a request, for who stands in for somebody; none for all others.
    """
    absent_id = standing_of(user).on_behalf_of(performer_id, role_id)
    if absent_id is None:
        return None
    known = getattr(user, "_absent", None)
    if known is None:
        known = user._absent = get_user_model().objects.in_bulk(standing_of(user).absent_ids)
    return known.get(absent_id)


def in_the_name_of(by: Any, absent: Any) -> str:
    """Who has acted, in the reader's language: `Carol on behalf of Boris`, or the name alone."""
    if not absent:
        return str(by or "")
    return _("%(name)s on behalf of %(absent)s") % {"name": by, "absent": absent}
