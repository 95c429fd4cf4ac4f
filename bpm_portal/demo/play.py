"""Colleagues at work: who answers which step, and with what, through the services that everybody uses."""

import random
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from bpm_portal.accounts.models import User
from processes import kinds
from processes.models import ProcessInstance, ProcessStep
from processes.services import steps, timers, work
from records.models import Record

#: Texts by what the name of a field contains.
TEXTS = {"mail": "robin.vogel@example.com", "phone": "+49 30 5550142"}
REMARKS = ("As agreed.", "Looked at it with the team.", "See the notes of Tuesday.")


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
        steps.complete_step(step_id=step.pk, by=by, now=now, **self.answer(step, now))
        return True

    def answer(self, step: ProcessStep, now: datetime) -> dict[str, Any]:
        """What the schema of the step asks for: mostly the first choice, which is the good one."""
        asked = kinds.get(step.kind).schema(step.settings)["properties"]
        result = self.choice(asked["result"])
        asked_variables = asked.get("variables", {})
        required = asked_variables.get("required", ())
        values = {
            name: self.value(name, field, now)
            for name, field in asked_variables.get("properties", {}).items()
            if name in required or "default" in field
        }
        details = self.dice.choice(REMARKS) if "details" in asked else ""
        return {"result": result, "variables": values, "details": details}

    def choice(self, asked: dict[str, Any]) -> Any:
        """One code, or two of them where several may be chosen; nothing where nothing is chosen."""
        codes = asked.get("items", asked).get("enum", ())
        if "items" in asked:
            return sorted(self.dice.sample(codes, k=min(2, len(codes))))
        return self.dice.choices(codes, [6, *([1] * (len(codes) - 1))])[0] if codes else None

    def value(self, name: str, field: dict[str, Any], now: datetime) -> Any:
        """The default of a field, or something of its kind."""
        if field.get("default") not in (None, ""):
            return field["default"]
        if "enum" in field:
            return field["enum"][0]
        makers: dict[str, Any] = {
            "date": lambda: (now + timedelta(days=self.dice.randrange(3, 30))).date().isoformat(),
            "number": lambda: self.number(field.get("minimum", 100), field.get("maximum", 50_000)),
            "boolean": lambda: True,
            "lookup": lambda: self.lookup(field),
            "email": lambda: TEXTS["mail"],
        }
        maker = makers.get(str(field.get("format") or field.get("kind")))
        if maker is not None:
            return maker()
        return next((text for word, text in TEXTS.items() if word in name), "Robin Vogel")

    def number(self, least: int, most: int) -> int:
        """A number in the lower part of what is possible."""
        return self.dice.randrange(least, least + max((most - least) // 10, 1))

    def lookup(self, field: dict[str, Any]) -> int | None:
        """Some record of the section that the field looks up."""
        ids = Record.objects.filter(record_type__code=field.get("record-type")).values_list("pk", flat=True)
        return self.dice.choice(list(ids)) if ids else None


def advance(instance: ProcessInstance, colleagues: Colleagues, now: datetime) -> bool:
    """Do the oldest thing that waits in the instance, whatever it waits for; False when nothing does."""
    waiting = instance.steps.pending().select_related("assignee", "role")
    queued = waiting.queued(now).order_by("id").first()
    if queued is not None:
        return work.run_service_step(now=now, step_id=queued.pk)
    human = waiting.human().order_by("id").first()
    if human is not None:
        return colleagues.do(human, now)
    timer = waiting.filter(waits_on="timer", due_at__lte=timezone.now()).order_by("due_at").first()
    return timer is not None and timers.fire_timer(step_id=timer.pk, now=max(now, timer.due_at))
