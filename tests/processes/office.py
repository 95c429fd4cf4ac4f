"""An office at random work through the services: people in four time zones, one process, a clock that moves on."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bpm_portal.accounts.models import Substitution, User
from bpm_portal.accounts.services import make_substitution
from bpm_portal.common.errors import BusinessError
from processes.models import Process, ProcessInstance, ProcessStep
from processes.services import cancel_jobs, definitions, handing, instances, steps
from records.models import Record
from tests.factories import NOW

RESULTS = {"task": None, "question": "yes", "form": "done"}


@dataclass(frozen=True)
class Move:
    """One drawn move; numbers choose among what exists when it is made."""

    name: str
    one: int = 0
    other: int = 0
    hours: int = 1


@dataclass
class Office:
    """What moves are made on; each move is a method, and what a service refuses changes nothing."""

    process: Process
    people: list[User]
    roles: list[Any]
    records: list[Record]
    admin: User
    now: datetime = NOW
    made: dict[str, int] = field(default_factory=dict)

    def make(self, move: Move) -> None:
        """Make one move."""
        with suppress(BusinessError):
            getattr(self, move.name)(move)
            self.made[move.name] = self.made.get(move.name, 0) + 1

    def start(self, move: Move) -> None:
        """On a record or on none; for somebody, for a role, for both or for nobody."""
        who = [*(person.username for person in self.people), ""][move.one % (len(self.people) + 1)]
        team = [*(role.name for role in self.roles), ""][move.other % (len(self.roles) + 1)]
        record = [*self.records, None][move.one % (len(self.records) + 1)]
        variables = {
            "who": who,
            "team": team,
            "pause": f"PT{move.hours}H" if move.hours > 12 else "",
            "length": f"PT{move.hours}H" if move.other % 2 else "",
            "other": {"id": self.records[move.other % len(self.records)].pk},
        }
        starters = [person for person in self.people if person.groups.exists()]
        by = starters[move.other % len(starters)]
        instances.start_process(process=self.process, by=by, now=self.now, record=record, variables=variables)

    def complete(self, move: Move) -> None:
        step = self._step(move)
        steps.complete_step(
            step_id=step.pk, by=self._performer(step), now=self.now, result=RESULTS[step.element_id]
        )

    def try_to_complete(self, move: Move) -> None:
        """By anybody, who mostly may not."""
        step = self._step(move)
        steps.complete_step(
            step_id=step.pk, by=self._person(move), now=self.now, result=RESULTS[step.element_id]
        )

    def take(self, move: Move) -> None:
        handing.take_step(step_id=self._step(move).pk, by=self._person(move), now=self.now)

    def give_back(self, move: Move) -> None:
        step = self._step(move)
        handing.give_back_step(step_id=step.pk, by=self._performer(step), now=self.now)

    def reassign(self, move: Move) -> None:
        step = self._step(move)
        handing.reassign_step(
            step_id=step.pk, by=self._performer(step), now=self.now, assignee=self._person(move)
        )

    def reassign_to_role(self, move: Move) -> None:
        role = self.roles[move.other % len(self.roles)]
        handing.reassign_step(step_id=self._step(move).pk, by=self.admin, now=self.now, role=role)

    def postpone(self, move: Move) -> None:
        step = self._step(move)
        until = self.now + timedelta(hours=move.hours)
        handing.postpone_step(step_id=step.pk, until=until, by=self._performer(step), now=self.now)

    def cancel(self, move: Move) -> None:
        step = self._step(move)
        instances.cancel_instance(instance_id=step.instance_id, reason="no need", by=self.admin, now=self.now)

    def disable(self, move: Move) -> None:
        running = ["finish", "cancel"][move.one % 2]
        definitions.disable_process(process=self.process, running=running, by=self.admin, now=self.now)
        cancel_jobs.run_cancel_jobs()

    def enable(self, move: Move) -> None:
        definitions.enable_process(process=self.process, by=self.admin, now=self.now)

    def wait(self, move: Move) -> None:
        self.now += timedelta(hours=move.hours)

    def finish(self, move: Move) -> None:
        """What the worker does."""
        for instance in ProcessInstance.objects.to_finish():
            instances.finish_instance(instance_id=instance.pk, now=self.now)

    def leave_or_return(self, move: Move) -> None:
        """The last of the people leaves, or comes back."""
        last = self.people[-1]
        last.is_active = not last.is_active
        last.save(update_fields=["is_active"])

    def go_away(self, move: Move) -> None:
        """Somebody is away for a while; a colleague stands in."""
        make_substitution(
            absent=self.people[move.one % len(self.people)],
            substitute=self._person(move),
            since=self.now,
            until=self.now + timedelta(hours=move.hours),
            by=self.admin,
            now=self.now,
        )

    def stand_in(self, move: Move) -> None:
        """A substitute does what is asked of whom he stands in for."""
        in_force = list(Substitution.objects.in_force(self.now).order_by("id"))
        if not in_force:
            raise BusinessError
        by = next(p for p in self.people if p.pk == in_force[move.one % len(in_force)].substitute_id)
        steps_ = ProcessStep.objects.for_performer(by).order_by("id")
        step = steps_[move.other % len(steps_)] if steps_ else self._step(move)
        steps.complete_step(step_id=step.pk, by=by, now=self.now, result=RESULTS[step.element_id])

    def _step(self, move: Move) -> ProcessStep:
        pending = ProcessStep.objects.pending().human().order_by("id")
        if not pending:
            raise BusinessError
        return pending[move.one % len(pending)]

    def _person(self, move: Move) -> User:
        return self.people[move.other % len(self.people)]

    def _performer(self, step: ProcessStep) -> User:
        """Somebody who may do it."""
        if step.assignee_id is not None:
            return step.assignee
        of_role = [person for person in self.people if person.groups.filter(pk=step.role_id).exists()]
        return of_role[0] if of_role else self.admin


OFTEN = ["start"] * 4 + ["complete"] * 3 + ["wait"] * 2
NAMES = [
    *OFTEN, "try_to_complete", "take", "give_back", "reassign", "reassign_to_role", "postpone", "cancel",
    "disable", "enable", "finish", "leave_or_return", "go_away", "stand_in",
]  # fmt: skip


def moves(max_size: int) -> st.SearchStrategy[list[Move]]:
    """Days of work."""
    number = st.integers(0, 20)
    move = st.builds(Move, name=st.sampled_from(NAMES), one=number, other=number, hours=st.integers(1, 30))
    return st.lists(move, min_size=3, max_size=max_size)
