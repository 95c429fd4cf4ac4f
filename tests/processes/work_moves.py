"""Random work: the moves that people make with steps, for properties that must hold after every one of them.

A property test draws a list of `Move`s and plays them against anything with the methods of `RowMoves`; a driver
that calls the services has the same methods.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from hypothesis import strategies as st

from processes.models import ProcessInstance, ProcessStep
from tests.factories import NOW, HumanStepFactory

DAY = timedelta(days=1)


class Moves(Protocol):
    """What people can do to work; each returns nothing and may refuse by a business error."""

    def open(self, *, assignee: Any, role: Any, starts_at: datetime, due_at: datetime | None) -> None: ...
    def close(self, *, step: ProcessStep, status: str) -> None: ...
    def take(self, *, step: ProcessStep, by: Any) -> None: ...
    def give_back(self, *, step: ProcessStep) -> None: ...
    def reassign(self, *, step: ProcessStep, assignee: Any, role: Any) -> None: ...
    def postpone(self, *, step: ProcessStep, until: datetime) -> None: ...


@dataclass(frozen=True)
class Move:
    """One drawn move; numbers choose among what exists when it is played."""

    name: str
    step: int
    user: int
    role: int
    hours: int
    due: int | None


def moves(max_size: int = 12) -> st.SearchStrategy[list[Move]]:
    """Lists of moves, of which about every second opens a step."""
    others = ["complete", "cancel", "take", "give_back", "reassign", "reassign-role", "postpone"]
    names = st.sampled_from(["open", "open-role"] * 3 + others)
    numbers = st.integers(0, 20)
    hours = st.integers(-40, 60)
    move = st.builds(
        Move, name=names, step=numbers, user=numbers, role=numbers, hours=hours, due=st.none() | hours
    )
    return st.lists(move, max_size=max_size)


def play(move: Move, moves: Moves, *, people: list[Any], roles: list[Any], now: datetime = NOW) -> None:
    """Carry out one move; what needs a pending step does nothing where there is none."""
    user, role = people[move.user % len(people)], roles[move.role % len(roles)]
    at = now + timedelta(hours=move.hours)
    due = None if move.due is None else now + timedelta(hours=move.due)
    if move.name == "open":
        return moves.open(assignee=user, role=None, starts_at=at, due_at=due)
    if move.name == "open-role":
        return moves.open(assignee=None, role=role, starts_at=at, due_at=due)
    pending = list(ProcessStep.objects.filter(status="pending", activity__isnull=False).order_by("id"))
    if not pending:
        return None
    step = pending[move.step % len(pending)]
    steps = {
        "complete": lambda: moves.close(step=step, status="completed"),
        "cancel": lambda: moves.close(step=step, status="cancelled"),
        "take": lambda: moves.take(step=step, by=user),
        "give_back": lambda: moves.give_back(step=step),
        "reassign": lambda: moves.reassign(step=step, assignee=user, role=None),
        "reassign-role": lambda: moves.reassign(step=step, assignee=None, role=role),
        "postpone": lambda: moves.postpone(step=step, until=at),
    }
    return steps[move.name]()


class RowMoves:
    """Moves that only change the rows, as a service would leave them."""

    def __init__(self, instance: ProcessInstance) -> None:
        self.instance = instance

    def open(self, *, assignee: Any, role: Any, starts_at: datetime, due_at: datetime | None) -> None:
        HumanStepFactory(
            instance=self.instance, assignee=assignee, role=role, starts_at=starts_at, due_at=due_at
        )

    def close(self, *, step: ProcessStep, status: str) -> None:
        ProcessStep.objects.filter(pk=step.pk).update(status=status, closed_at=NOW)

    def take(self, *, step: ProcessStep, by: Any) -> None:
        if step.assignee_id is None and by.groups.filter(pk=step.role_id).exists():
            ProcessStep.objects.filter(pk=step.pk).update(assignee=by)

    def give_back(self, *, step: ProcessStep) -> None:
        if step.role_id is not None:
            ProcessStep.objects.filter(pk=step.pk).update(assignee=None)

    def reassign(self, *, step: ProcessStep, assignee: Any, role: Any) -> None:
        ProcessStep.objects.filter(pk=step.pk).update(assignee=assignee, role=role)

    def postpone(self, *, step: ProcessStep, until: datetime) -> None:
        ProcessStep.objects.filter(pk=step.pk).update(starts_at=until)
