"""What is wrong with an installation, told before somebody suffers from it: `manage.py check [--deploy]`."""

import os
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from bpm_portal import catalogues, vendor
from bpm_portal.env import ABSENT_DATABASE, DEVELOPMENT_KEY

THIS_MACHINE = {"127.0.0.1", "localhost", "[::1]"}
HOST = re.compile(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]")


def secret_key_is_secret(**_: Any) -> Sequence[CheckMessage]:
    """E001: who knows the key of the source code can sign in as anybody."""
    others_come = settings.HTTPS or not THIS_MACHINE.issuperset(settings.ALLOWED_HOSTS)
    if settings.DEBUG or not others_come or settings.SECRET_KEY != DEVELOPMENT_KEY:
        return []
    how = "python -c 'import secrets; print(secrets.token_urlsafe(64))'"
    return [
        Error(
            "SECRET_KEY is not set, although others can reach the portal.",
            hint=f"Set SECRET_KEY to what this prints, and keep it: {how}",
            id="portal.E001",
        )
    ]


def allowed_hosts_are_hosts(**_: Any) -> Sequence[CheckMessage]:
    """E002: an entry that no Host header can equal locks everybody out, with a page that does not say why."""
    return [
        Error(
            f"ALLOWED_HOSTS holds {host!r}, which is not the name of a host.",
            hint="List names alone, without https:// or a port, separated by commas: portal.example,10.0.0.5",
            id="portal.E002",
        )
        for host in settings.ALLOWED_HOSTS
        if not HOST.fullmatch(host)
    ]


def portal_url_is_an_address(**_: Any) -> Sequence[CheckMessage]:
    """E006: the links of every e-mail would lead nowhere."""
    parts = urlsplit(settings.PORTAL_URL)
    if parts.scheme in ("http", "https") and HOST.fullmatch(_host_of_links()) and not parts.query:
        return []
    return [
        Error(
            f"PORTAL_URL is {settings.PORTAL_URL!r}, which is not an address.",
            hint="Write it as browsers show it: https://portal.example",
            id="portal.E006",
        )
    ]


def front_end_is_complete(**_: Any) -> Sequence[CheckMessage]:
    """W003 and W004: pages would come without their look, scripts or translations."""
    found: list[CheckMessage] = []
    if not all((vendor.EXPOSED / name).is_file() for name in vendor.FILES):
        found.append(
            Warning(
                "Front-end packages are missing in build/vendor.",
                hint="Run `make vendor` (or `python -m bpm_portal.vendor`).",
                id="portal.W003",
            )
        )
    if not all(source.with_suffix(".mo").is_file() for source in catalogues.sources()):
        found.append(
            Warning(
                "Translations are not compiled.",
                hint="Run `make catalogues` (or `python -m bpm_portal.catalogues`).",
                id="portal.W004",
            )
        )
    return found


def static_files_are_collected(**_: Any) -> Sequence[CheckMessage]:
    """E005: every page that names a static file would fail."""
    if settings.STATIC_FROM_SOURCE or (settings.STATIC_ROOT / "staticfiles.json").is_file():
        return []
    return [
        Error(
            "STATIC_FROM_SOURCE is false, but no static files are collected.",
            hint="Run `python manage.py collect`.",
            id="portal.E005",
        )
    ]


def https_is_on(**_: Any) -> Sequence[CheckMessage]:
    """W001: passwords and sessions would travel in the open."""
    if settings.HTTPS:
        return []
    hint = "Let a proxy do HTTPS and send X-Forwarded-Proto, and set HTTPS=true."
    return [Warning("HTTPS is off.", hint=hint, id="portal.W001")]


def portal_url_is_named(**_: Any) -> Sequence[CheckMessage]:
    """W005: links in e-mails would lead to this machine."""
    if _host_of_links() not in THIS_MACHINE:
        return []
    hint = "Set it to the address under which people reach the portal."
    return [Warning("PORTAL_URL names this machine.", hint=hint, id="portal.W005")]


def _host_of_links() -> str:
    return re.sub(r":\d*$", "", urlsplit(settings.PORTAL_URL).netloc)


def servers_are_named(**_: Any) -> Sequence[CheckMessage]:
    """W002: the portal would use servers by chance."""
    found: list[CheckMessage] = []
    if settings.DATABASES["default"]["ENGINE"] == ABSENT_DATABASE:
        found.append(Warning("DATABASE_URL is not set.", hint="Name the database.", id="portal.W002"))
    if not os.environ.get("REDIS_URL"):
        found.append(Warning("REDIS_URL is not set.", hint="Name the broker.", id="portal.W002"))
    return found


Check = Callable[..., Sequence[CheckMessage]]
ALWAYS: list[Check] = [
    secret_key_is_secret,
    allowed_hosts_are_hosts,
    portal_url_is_an_address,
    front_end_is_complete,
    static_files_are_collected,
]
BEFORE_DEPLOYING: list[Check] = [https_is_on, portal_url_is_named, servers_are_named]
