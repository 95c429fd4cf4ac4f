"""Who looks at a live stream, whether he still may, and how much work he has. Runs in the thread of the hub."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.http import HttpRequest, parse_cookie
from rest_framework.authtoken.models import Token

from bpm_portal.accounts.models import User
from bpm_portal.accounts.substitution import standings_of
from processes.feed import count_work_of

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in user of a stream; exactly one of `session` and `token` is set."""

    user_id: int
    session: str = ""
    token: str = ""
    proof: str = ""  # of a session: changes with the password


def identify(headers: Headers) -> Visitor | None:
    """The visitor with this token or session cookie; None when there is neither, or it is not valid."""
    values = dict(headers)
    scheme, _, key = values.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() == "token":
        return _by_token(key.strip())
    cookie = parse_cookie(values.get(b"cookie", b"").decode("latin-1"))
    return _by_session(cookie.get(settings.SESSION_COOKIE_NAME, ""))


def _by_token(key: str) -> Visitor | None:
    token = Token.objects.filter(key=key, user__is_active=True).first()
    return Visitor(token.user_id, token=key) if token else None


def _by_session(key: str) -> Visitor | None:
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    if not isinstance(user, User):
        return None
    return Visitor(user.pk, session=key, proof=user.get_session_auth_hash())


def recount(visitors: Collection[Visitor], now: datetime) -> dict[Visitor, int]:
    """The number on the bell of each; who has signed out, or may no longer sign in, is missing."""
    sessions = {visitor.session for visitor in visitors} - {""}
    tokens = {visitor.token for visitor in visitors} - {""}
    live_sessions = Session.objects.filter(session_key__in=sessions, expire_date__gt=now)
    live = {("session", key) for key in live_sessions.values_list("session_key", flat=True)}
    if tokens:
        live |= {("token", key) for key in Token.objects.filter(key__in=tokens).values_list("key", flat=True)}
    users = {u.pk: u for u in User.objects.filter(pk__in={v.user_id for v in visitors}, is_active=True)}
    counts = _counts(users, now)
    return {
        visitor: counts[visitor.user_id]
        for visitor in visitors
        if visitor.user_id in users
        and (("token", visitor.token) in live or ("session", visitor.session) in live)
        and (visitor.token or visitor.proof == users[visitor.user_id].get_session_auth_hash())
    }


def _counts(users: dict[int, User], now: datetime) -> dict[int, int]:
    standings = standings_of(users, now)
    return count_work_of({pk: (standings[pk], ZoneInfo(user.time_zone)) for pk, user in users.items()}, now)
