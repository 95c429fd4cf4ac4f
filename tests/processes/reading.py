"""What a piece of work costs the database: its statements, and the rows and index entries that they read."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection
from django.test.utils import CaptureQueriesContext

READ = """
    SELECT relname, indexrelname, idx_tup_read FROM pg_stat_user_indexes
    UNION ALL SELECT relname, '', seq_tup_read FROM pg_stat_user_tables"""


@dataclass
class Cost:
    """Filled in when the block is left: `rows` by table and index, `written` in bytes of the write-ahead log."""

    statements: list[str] = field(default_factory=list)
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    written: int = 0

    @property
    def shape(self) -> tuple[str, ...]:
        """The statements without what is in them."""
        return tuple(
            re.sub(r"'(?:[^']|'')*'|\b(?:s\d+_x)?\d+\b|\[[^]]*\]", "?", text) for text in self.statements
        )

    @property
    def steps(self) -> int:
        """Steps that were read, by whichever index."""
        return sum(number for (table, _), number in self.rows.items() if table == "processes_processstep")

    def __str__(self) -> str:
        return f"{len(self.statements)} statements, {dict(self.rows)}"


@contextmanager
def counted() -> Iterator[Cost]:
    """Counts what this connection does inside, as on tables too large to be read whole; also for foreign keys.

    Needs a test whose transactions are real.
    """
    cost = Cost()
    before, written = _rows_read(), _written()
    with CaptureQueriesContext(connection) as queries:
        yield cost
    cost.rows, cost.written = _rows_read() - before, _written() - written
    texts = [query["sql"] for query in queries]
    cost.statements = [text for text in texts if text.split()[0] not in ("BEGIN", "COMMIT")]


def _rows_read() -> Counter[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(READ)
        return Counter({(table, index): number or 0 for table, index, number in cursor})


def _written() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")
        return int(cursor.fetchone()[0])
