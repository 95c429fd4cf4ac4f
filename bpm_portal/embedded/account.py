"""Whose account the servers run under, and where that account can keep files."""

import hashlib
import os
import pwd
import stat
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bpm_portal.embedded.errors import CannotStart

UNPRIVILEGED = ("postgres", "nobody")
SOCKET_FOLDERS = "bpm-portal-"
DESERTED_SECONDS = 600.0  # longer than any start takes


@dataclass(frozen=True)
class Account:
    """A user that servers run as; `drop` is what a child changes to, None when it already is that user."""

    uid: int
    gid: int

    @property
    def drop(self) -> tuple[int, int] | None:
        return (self.uid, self.gid) if self.uid != os.geteuid() else None

    def own(self, directory: Path) -> None:
        """Make `directory` if needed, and make it this account's alone (0700)."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = directory.stat()
        if found.st_uid != self.uid:
            if os.geteuid() != 0:
                raise CannotStart(
                    f"{directory} belongs to another user. Remove it or name another with --data."
                )
            os.chown(directory, self.uid, self.gid)
        directory.chmod(0o700)


def choose_account(existing: Path) -> Account:
    """Return the account for servers whose files are (or will be) in `existing`.

    PostgreSQL refuses to run as root, so root hands over to an unprivileged user: the owner of what is
    already there, else `postgres`, else `nobody`.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if existing.exists() and existing.stat().st_uid != 0:
        owner = existing.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise CannotStart(
        "Root may not run PostgreSQL, and there is no user `postgres` or `nobody` to run it as."
    )


def reachable_by_all(path: Path) -> bool:
    """Whether every user may pass through all folders above `path`."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.absolute().parents)


def home_for(wanted: Path) -> Path:
    """Return `wanted`, or where it would be unreachable for an unprivileged user (a clone under /root) a
    folder in /var/tmp that belongs to `wanted` alone.

    Raises CannotStart when somebody else made that folder first.
    """
    wanted = wanted.absolute()
    wanted.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0 or reachable_by_all(wanted / "inside"):
        return wanted
    key = hashlib.sha256(os.fsencode(wanted.resolve())).hexdigest()[:16]
    substitute = Path("/var/tmp") / f"{SOCKET_FOLDERS}{key}"  # noqa: S108  (owner and mode are checked below)
    try:
        substitute.mkdir(mode=0o711)
    except FileExistsError:
        found = substitute.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
            raise CannotStart(
                f"{substitute} was made by somebody else. Name another folder with --data."
            ) from None
    return substitute


def make_socket_folder(account: Account) -> Path:
    """Return a new private folder with a path short enough for a socket (Linux allows 107 bytes)."""
    short = Path("/tmp")  # noqa: S108  (mkdtemp is safe there)
    base = short if os.access(short, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
    _remove_deserted(base, account)
    folder = Path(tempfile.mkdtemp(prefix=SOCKET_FOLDERS, dir=base))
    account.own(folder)
    return folder


def _remove_deserted(base: Path, account: Account) -> None:
    """Remove what killed holders left; a server that runs has its socket in its folder, which then stays."""
    for folder in base.glob(f"{SOCKET_FOLDERS}*"):
        try:
            found = folder.lstat()
            if found.st_uid == account.uid and time.time() - found.st_mtime > DESERTED_SECONDS:
                folder.rmdir()
        except OSError:  # not empty, or gone already
            continue
