"""`manage.py demo`: idempotent demo data; `--simulate` lets colleagues work so that the bell moves."""

import random
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from activities.services import create_activity
from bpm_portal.common.errors import Conflict
from bpm_portal.demo import people, sections, story
from bpm_portal.demo.play import Colleagues, advance
from processes.models import Process, ProcessInstance
from processes.services.instances import start_process


class Command(BaseCommand):
    """Make people, records, processes, history and waiting instances; run again it adds nothing."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--simulate`, with its pace and its length."""
        parser.add_argument("--simulate", action="store_true", help="let colleagues work until Ctrl-C")
        parser.add_argument("--pause", type=float, default=4.0, help="seconds between two moves")
        parser.add_argument("--moves", type=int, default=0, help="stop after that many moves (0: never)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Django calls it."""
        now = timezone.now()
        cast = people.make_people()
        records = sections.make_records(sections.make_sections(), cast, now)
        processes = story.deploy_all(cast["admin"], now)
        if not ProcessInstance.objects.exists():
            told = story.tell_history(processes, cast, records, now)
            waiting = story.leave_waiting(processes, cast, records, now)
            self._make_ad_hoc(cast, records, now)
            self.stdout.write(f"{told} instances of the last weeks, {waiting} waiting.")
        self.stdout.write(f"Accounts: {', '.join(cast)}; password: {people.PASSWORD}")
        if options["simulate"]:
            self._simulate(cast, records, processes, options["pause"], options["moves"])

    def _make_ad_hoc(self, cast: dict[str, Any], records: dict[str, Any], now: Any) -> None:
        hour = timedelta(hours=1)
        plans = (
            ("Prepare the Monday meeting", "task", "boris", 2, None),
            ("Call Greta Lindholm about the warehouse", "call", "boris", 4, records["contact"][0]),
            ("Quarterly review", "meeting", "dmitri", 26, None),
            ("Answer the invoice question", "email", "carla", -3, records["request"][3]),
        )
        for title, category, owner, hours, record in plans:
            create_activity(
                title=title, category=category, owner=cast[owner], record=record, by=cast["anna"], now=now,
                starts_at=now + (hours - 2) * hour, due_at=now + hours * hour,
            )  # fmt: skip

    def _simulate(
        self,
        cast: dict[str, Any],
        records: dict[str, Any],
        processes: dict[str, Process],
        pause: float,
        moves: int,
    ) -> None:
        """Start or advance something, again and again, as anna and her colleagues would."""
        dice = random.Random()  # noqa: S311
        colleagues = Colleagues(dice)
        made = 0
        while not moves or made < moves:
            made += 1
            live = list(ProcessInstance.objects.live().filter(status="running").order_by("?")[:1])
            try:
                if not live or dice.random() < 0.4:
                    key, section, starters = dice.choice(story.CASTING)
                    record = dice.choice(records[section]) if section else None
                    instance = start_process(
                        process=processes[key],
                        by=cast[dice.choice(starters)],
                        now=timezone.now(),
                        record=record,
                    )
                    self.stdout.write(f"started: {instance.caption}")
                elif advance(live[0], colleagues, timezone.now()):
                    self.stdout.write(f"moved: {live[0].caption}")
            except Conflict as problem:  # a person was faster, or the process was disabled: both are fine
                self.stdout.write(str(problem))
            time.sleep(pause)
