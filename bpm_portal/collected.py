"""Static files as `make run` serves them: collected again only when one of their sources has changed."""

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

UNUSED = ["redoc"]  # the other one of two API browsers that come in one package


def fingerprint() -> str:
    """Return a hash of names, sizes and times of all sources."""
    lines = []
    for finder in finders.get_finders():
        for name, storage in finder.list(UNUSED):
            found = os.stat(storage.path(name))
            lines.append(f"{storage.path(name)} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def is_fresh() -> bool:
    """Whether what was collected last comes from the sources as they are."""
    stamp = _stamp()
    return stamp.exists() and stamp.read_text() == fingerprint()


def collect() -> None:
    """Collect everything anew; an interrupted run leaves no stamp, so the next one begins again."""
    _stamp().unlink(missing_ok=True)
    wanted = fingerprint()
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNUSED)
    _stamp().write_text(wanted)


def _stamp() -> Path:
    root = Path(settings.STATIC_ROOT)
    return root.with_name(f"{root.name}.stamp")
