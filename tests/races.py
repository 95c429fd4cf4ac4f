"""Two at once on real PostgreSQL, in an order that is certain: one has not committed yet, the other waits for it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, connections, transaction

from tests.journeys.waiting import eventually

BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def while_uncommitted(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Do `first`, commit it only when `second` waits for it on a connection of its own; the outcome of `second`."""

    def run() -> Any:
        try:
            return second()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    def waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED)
            return bool(cursor.fetchone()[0])

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            outcome = pool.submit(run)
            eventually(lambda: outcome.done() or waits())
        return outcome.result()
