"""E-mails that are kept in files instead of being sent: to be read in the portal where it is tried out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings

from bpm_portal.common.errors import Forbidden, NotFound
from processes.services.guards import may_run_elements

FILES = "django.core.mail.backends.filebased.EmailBackend"
BETWEEN = re.compile(rb"^-{79}\r?\n", re.MULTILINE)  # what Django writes after each message
MOST = 200


@dataclass(frozen=True, slots=True)
class KeptMail:
    """One message: the `number`-th of the file `name`."""

    name: str
    number: int
    message: EmailMessage

    @property
    def subject(self) -> str:
        """What it is about."""
        return str(self.message["Subject"] or "")

    @property
    def to(self) -> str:
        """Who gets it."""
        return str(self.message["To"] or "")

    @property
    def sender(self) -> str:
        """Who sends it."""
        return str(self.message["From"] or "")

    @property
    def at(self) -> datetime | None:
        """When it was written. Django writes `-0000`: a time in UTC, of a sender somewhere (RFC 5322, 3.3)."""
        header: Any = self.message["Date"]
        moment: datetime | None = getattr(header, "datetime", None)
        return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)

    @property
    def text(self) -> str:
        """As mail programs without HTML show it."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """As most mail programs show it; empty for a message of text alone."""
        return self._body("html")

    @property
    def attachments(self) -> list[str]:
        """The names of the files that go with it."""
        return [str(part.get_filename() or "") for part in self.message.iter_attachments()]

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""


def is_kept() -> bool:
    """Whether this installation keeps e-mails in files."""
    return bool(settings.EMAIL_BACKEND == FILES)


def may_read_mail(user: Any) -> bool:
    """Process administrators, where e-mails are kept at all."""
    return is_kept() and user.is_authenticated and may_run_elements(user)


def kept_mails(*, by: Any) -> list[KeptMail]:
    """The latest ones, newest first. Raises NotFound where none are kept, Forbidden."""
    _check(by)
    found: list[KeptMail] = []
    for path in sorted(_folder().glob("*.log"), key=_written, reverse=True):
        found += reversed(list(_messages(path)))
        if len(found) >= MOST:
            break
    return found[:MOST]


def kept_mail(*, name: str, number: int, by: Any) -> KeptMail:
    """One of them. Raises NotFound, Forbidden."""
    _check(by)
    path = _folder() / f"{Path(name).name}.log"
    if not path.is_file():
        raise NotFound
    found = {mail.number: mail for mail in _messages(path)}
    if number not in found:
        raise NotFound
    return found[number]


def _check(by: Any) -> None:
    if not is_kept():
        raise NotFound
    if not may_read_mail(by):
        raise Forbidden


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)  # type: ignore[misc]  # there only with this backend


def _written(path: Path) -> int:
    """When: the name tells it to the second only."""
    return path.stat().st_mtime_ns


def _messages(path: Path) -> Iterator[KeptMail]:
    for number, source in enumerate(BETWEEN.split(path.read_bytes())):
        if source.strip():
            message = message_from_bytes(source, _class=EmailMessage, policy=policy.default)
            yield KeptMail(path.stem, number, message)
