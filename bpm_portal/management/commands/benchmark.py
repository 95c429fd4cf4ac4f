"""`manage.py benchmark`: how long the server takes for each page on a database as after years of work."""

import logging
from argparse import ArgumentParser
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bpm_portal.demo.bulk import Size, fill
from bpm_portal.demo.bulk_pages import ADMIN_PAGES, PAGES, Visit, visit

LIMIT = 300  # milliseconds that a page may take
MOST_STATEMENTS = 20  # that a page may send


@dataclass(frozen=True, slots=True)
class Taken:
    """What one page has cost."""

    milliseconds: float
    statements: int

    def __str__(self) -> str:
        is_over = self.milliseconds > LIMIT or self.statements > MOST_STATEMENTS
        return f"{self.milliseconds:.0f} / {self.statements}{' !' if is_over else '  '}"


class Command(BaseCommand):
    """Fill a database of its own, time every list and page for three people, and drop it again."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How often, and on how much."""
        parser.add_argument(
            "--rounds", type=int, default=5, help="times that each page is opened (%(default)s)"
        )
        parser.add_argument(
            "--small", action="store_true", help="a hundredth of the rows, to compare what volume costs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Django calls it."""
        settings.ALLOWED_HOSTS = ["testserver"]
        logging.disable(logging.INFO)  # a line for each request
        settings.SECURE_SSL_REDIRECT = False
        size = (
            Size(users=20, roles=5, records=200, instances=500, ad_hoc=1500) if options["small"] else Size()
        )
        name = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = "benchmark_of_portal"  # not that of tests under way
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            with transaction.atomic():  # never committed: half a million rows need no check of their keys
                begin = perf_counter()
                where = visit(fill(size, now=timezone.now()))
                self.stdout.write(
                    f"{size.activities:,} activities, {size.pending:,} pending steps, "
                    f"filled in {perf_counter() - begin:.0f} s"
                )
                self._time_all(where, options["rounds"])
                transaction.set_rollback(True)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)

    def _time_all(self, where: Visit, rounds: int) -> None:
        people = ("performer", "process admin", "superuser")
        self.stdout.write(
            f"{f'ms, the median of {rounds} / statements':34}" + "".join(f"{who:>15}" for who in people)
        )
        for page, address in {**PAGES, **ADMIN_PAGES}.items():
            cells = []
            for who in people:
                taken = self._open(where, who, address(where), rounds)
                cells.append("-  " if taken is None else str(taken))
            self.stdout.write(f"{page:34}" + "".join(f"{cell:>15}" for cell in cells))

    def _open(self, where: Visit, who: str, address: str, rounds: int) -> Taken | None:
        """None where the page is not for this person."""
        client = Client()
        client.force_login(where.people[who])
        if client.get(address).status_code != 200:
            return None
        taken = []
        for _round in range(rounds):
            begin = perf_counter()
            client.get(address)
            taken.append((perf_counter() - begin) * 1000)
        with CaptureQueriesContext(connection) as statements:
            client.get(address)
        return Taken(median(taken), len(statements))
