"""One filled database for the module: people, work and history as after years."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from bpm_portal.demo.bulk import Size, fill
from bpm_portal.demo.bulk_pages import Visit, visit
from tests.factories import NOW


@pytest.fixture(scope="module")
def where(django_db_setup, django_db_blocker) -> Iterator[Visit]:
    """Filled once, never committed; tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        office = visit(fill(Size(), now=NOW))
        connection.check_constraints()  # once: else each test looks at all rows again when it ends
        with connection.cursor() as cursor:  # as VACUUM leaves it, which no transaction may run
            cursor.execute("UPDATE pg_class SET relallvisible = relpages WHERE relkind = 'r'")
        yield office
        transaction.set_rollback(True)
