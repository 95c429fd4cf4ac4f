"""The demo's processes: deployed, some weeks of them finished, and some waiting at every kind of step."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bpm_portal.demo.play import Colleagues, advance
from processes.models import Process, ProcessEvent, ProcessInstance
from processes.services.definitions import deploy_file
from processes.services.instances import cancel_instance, finish_instance, start_process
from records.models import Record

DIAGRAMS = Path(__file__).parent / "diagrams"
WEEKS = 5

# process, section of its records, who starts it
CASTING = (
    ("contract_approval", "contract", ("anna", "boris")),
    ("purchase_request", "request", ("anna", "carla")),
    ("complaint", "request", ("carla", "boris")),
    ("leave_request", "", ("anna", "boris", "carla")),
    ("onboarding", "", ("anna",)),
)


def deploy_all(by: Any, now: datetime) -> dict[str, Process]:
    """Deploy the demo's diagrams; unchanged ones make no new version. Returns the processes by key."""
    versions = [
        version
        for path in sorted(DIAGRAMS.glob("*.bpmn"))
        for version in deploy_file(source=path.read_bytes(), by=by, now=now)
    ]
    return {version.process.key: version.process for version in versions}


def tell_history(
    processes: dict[str, Process], people: dict[str, Any], records: dict[str, list[Record]], now: datetime
) -> int:
    """Some weeks of finished and cancelled instances; returns how many. Their news is old: nobody is told of it."""
    dice = random.Random(11)  # noqa: S311 - the same demo everywhere
    colleagues = Colleagues(dice)
    told = 0
    for days_ago in range(WEEKS * 7, 1, -1):
        day = (now - timedelta(days=days_ago)).replace(hour=8, minute=30)
        if day.weekday() >= 5:
            continue
        for key, section, starters in dice.sample(CASTING, k=2):
            moment = day + timedelta(minutes=dice.randrange(0, 300))
            record = dice.choice(records[section]) if section else None
            instance = start_process(
                process=processes[key], by=people[dice.choice(starters)], now=moment, record=record
            )
            _play_to_the_end(instance, colleagues, people["admin"], moment, now)
            told += 1
    ProcessEvent.objects.filter(published_at=None).update(published_at=now)
    return told


def _play_to_the_end(
    instance: ProcessInstance, colleagues: Colleagues, admin: Any, moment: datetime, now: datetime
) -> None:
    """Work on one instance until it ends or the present is reached; one in twelve is given up."""
    gives_up_after = colleagues.dice.randrange(1, 3) if colleagues.dice.random() < 1 / 12 else 99
    for turns in range(60):
        moment = min(moment + timedelta(minutes=colleagues.dice.randrange(15, 900)), now)
        if turns == gives_up_after:
            cancel_instance(
                instance_id=instance.pk, reason="The customer has withdrawn.", by=admin, now=moment
            )
            return
        if moment >= now or not advance(instance, colleagues, moment):
            break
        instance.refresh_from_db(fields=["ended_at"])
        if instance.ended_at is not None:
            break
    finish_instance(instance_id=instance.pk, now=now)


# process, record position, starter, steps already done, how long ago it was started (hours)
WAITING = (
    ("contract_approval", 0, "anna", 0, 30), ("contract_approval", 1, "anna", 1, 20),
    ("contract_approval", 4, "boris", 2, 50), ("contract_approval", 2, "anna", 2, 6),
    ("contract_approval", 0, "anna", 1, 3), ("contract_approval", 8, "anna", 0, 2),
    ("purchase_request", 0, "anna", 0, 8), ("purchase_request", 4, "carla", 1, 26),
    ("purchase_request", 2, "anna", 3, 40),
    ("complaint", 1, "carla", 0, 2), ("complaint", 3, "boris", 1, 5),
    ("leave_request", 0, "anna", 0, 1), ("leave_request", 0, "boris", 1, 4), ("leave_request", 0, "carla", 2, 28),
    ("onboarding", 0, "anna", 1, 12), ("onboarding", 0, "anna", 4, 30),
    ("contract_approval", 9, "anna", 3, 26), ("complaint", 5, "boris", 2, 9),
)  # fmt: skip


def leave_waiting(
    processes: dict[str, Process], people: dict[str, Any], records: dict[str, list[Record]], now: datetime
) -> int:
    """Instances that wait for somebody now; returns how many."""
    colleagues = Colleagues(random.Random(5))  # noqa: S311
    sections = {key: section for key, section, _starters in CASTING}
    for key, position, starter, done, hours in WAITING:
        moment = now - timedelta(hours=hours)
        record = records[sections[key]][position] if sections[key] else None
        instance = start_process(process=processes[key], by=people[starter], now=moment, record=record)
        for _turn in range(done):
            moment += timedelta(minutes=20)
            advance(instance, colleagues, moment)
    return len(WAITING)
