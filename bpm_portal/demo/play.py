"""Colleagues at work: who answers which step, and with what, through the services that everybody uses."""

import random
from datetime import datetime, timedelta
from typing import Any

from bpm_portal.accounts.models import User
from processes import kinds
from processes.models import ProcessInstance, ProcessStep
from processes.services import steps, timers, work
from records.models import Record


class Colleagues:
    """People who finish steps with sensible answers; `dice` makes the same choices every time."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice

    def performer(self, step: ProcessStep) -> User | None:
        """Who does this step: its assignee, or some member of its role."""
        if step.assignee_id is not None:
            return step.assignee
        members = list(step.role.user_set.filter(is_active=True).order_by("id")) if step.role else []
        return self.dice.choice(members) if members else None

    def do(self, step: ProcessStep, now: datetime) -> bool:
        """Finish a human step; False when nobody can."""
        by = self.performer(step)
        if by is None:
            return False
        result, variables = self.answer(step, now)
        steps.complete_step(step_id=step.pk, by=by, now=now, result=result, variables=variables)
        return True

    def answer(self, step: ProcessStep, now: datetime) -> tuple[Any, dict[str, Any]]:
        """Mostly the first choice, which is the good one; required fields get values of their type."""
        kind = kinds.get(step.kind)
        codes = [choice.code for choice in kind.choices(step.settings)]
        first_is_likely = [6, *([1] * (len(codes) - 1))]
        result: Any = self.dice.choices(codes, first_is_likely)[0]
        if step.settings.get("answer") == "several":
            result = sorted(self.dice.sample(codes, k=2))
        values = {field["code"]: self.value(field, now) for field in step.settings.get("field", ())}
        return result, {code: value for code, value in values.items() if value is not None}

    def value(self, field: dict[str, Any], now: datetime) -> Any:
        """The default of a form's field, or something of its type."""
        if field.get("default") not in (None, ""):
            return field["default"]
        if field.get("required") != "true":
            return None
        makers: dict[str, Any] = {
            "date": lambda: (now + timedelta(days=self.dice.randrange(3, 30))).date().isoformat(),
            "number": lambda: self.dice.randrange(100, 9000),
            "boolean": lambda: True,
            "lookup": lambda: self.lookup(field),
        }
        return makers.get(str(field.get("type")), lambda: "Robin Vogel")()

    def lookup(self, field: dict[str, Any]) -> int | None:
        """Some record of the section that the field looks up."""
        ids = Record.objects.filter(record_type__code=field.get("record-type")).values_list("pk", flat=True)
        return self.dice.choice(list(ids)) if ids else None


def advance(instance: ProcessInstance, colleagues: Colleagues, now: datetime) -> bool:
    """Do the oldest thing that waits in the instance, whatever it waits for; False when nothing does."""
    waiting = instance.steps.pending().select_related("assignee", "role")
    human = waiting.human().order_by("id").first()
    if human is not None:
        return colleagues.do(human, now)
    service = waiting.filter(waits_on="worker").order_by("id").first()
    if service is not None:
        return work.run_service_step(now=now, step_id=service.pk)
    timer = waiting.filter(waits_on="timer").order_by("due_at").first()
    return timer is not None and timers.fire_timer(step_id=timer.pk, now=max(now, timer.due_at))
