"""What a person may do with processes, read once for a whole page."""

from dataclasses import dataclass
from typing import Any

from processes.querysets import is_process_admin


@dataclass(frozen=True, slots=True)
class Rights:
    """Which buttons a page offers; the services have the last word."""

    administer: bool
    deploy: bool
    change: bool
    disable: bool
    cancel: bool
    run: bool


def rights_of(user: Any) -> Rights:
    """Django reads the permissions of a user once per request."""
    return Rights(
        administer=is_process_admin(user),
        deploy=user.has_perm("processes.add_processversion"),
        change=user.has_perm("processes.change_process"),
        disable=user.has_perm("processes.disable_process"),
        cancel=user.has_perm("processes.cancel_processinstance"),
        run=user.has_perm("processes.run_processinstance"),
    )
