"""Records from files: upload, map, check (a rehearsal that is rolled back), import; the worker does the long part.

A check and an import go through the same rows by the same service. What is done is written down with each batch
in the batch's own transaction, so a worker that dies is followed by another one exactly where it was.
"""

import csv
import logging
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from bpm_portal.common import working
from bpm_portal.common.errors import Conflict, Invalid
from records.csv_files import BrokenQuotes, decoded, sniffed
from records.import_columns import guess, guess_key, targets
from records.import_rows import REFUSED, Importer, Row, RowRefused, read_file
from records.models import RecordImport, RecordType

logger = logging.getLogger(__name__)

RUN = "records.run_imports"
MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 10_000
MOST_AT_ONCE = 2_000  # rows of one transaction: all of them or none
MOST_COLUMNS = 200
BATCH = 100  # rows of one transaction where bad ones are left out

Status, OnProblem = RecordImport.Status, RecordImport.OnProblem


def start_import(
    *, record_type: RecordType, file_name: str, content: bytes, by: Any, now: datetime
) -> RecordImport:
    """Keep the file with a guess at its columns. Raises Invalid (`file`)."""
    if len(content) > MOST_BYTES:
        raise Invalid(
            file=[_("The file has more than %(limit)d MB. Split it.") % {"limit": MOST_BYTES >> 20}]
        )
    try:
        text, encoding = decoded(content)
        delimiter = sniffed(text)
        head, rows = read_file(text, delimiter)
    except UnicodeDecodeError as error:
        raise Invalid(
            file=[_("This is no text in UTF-8 or Windows-1251. Save it as CSV and try again.")]
        ) from error
    except BrokenQuotes as error:
        raise Invalid(
            file=[
                _(
                    "Line %(line)d: a quotation mark is not closed, or stands inside a cell. Within a quoted cell it "
                    "is written twice."
                )
                % {"line": error.line}
            ]
        ) from error
    except csv.Error as error:
        raise Invalid(
            file=[
                _("This cannot be read as CSV: its first row names the columns, the next ones hold values.")
            ]
        ) from error
    if not rows:
        raise Invalid(file=[_("The file has no rows below its head.")])
    if len(rows) > MOST_ROWS:
        raise Invalid(file=[_("The file has more than %(limit)d rows. Split it.") % {"limit": MOST_ROWS}])
    if len(head) > MOST_COLUMNS:
        raise Invalid(file=[_("The file has more than %(limit)d columns.") % {"limit": MOST_COLUMNS}])
    columns = guess(record_type, head)
    return RecordImport.objects.create(
        record_type=record_type,
        by=by,
        created_at=now,
        file_name=file_name[-200:],
        content=content,
        encoding=encoding,
        delimiter=delimiter,
        columns=columns,
        key=guess_key(columns),
        decimals="comma" if delimiter == ";" else "point",
        on_problem=OnProblem.SKIP if len(rows) > MOST_AT_ONCE else OnProblem.NOTHING,
        total=len(rows),
    )


def check_import(
    *, work: RecordImport, columns: Sequence[str], key: str, on_problem: str, decimals: str
) -> None:
    """Rehearse it with these columns. Raises Invalid (`columns`, `key`, `on_problem`) and Conflict."""
    known = {code for code, _name in targets(work.record_type)}
    used = [code for code in columns if code]
    if not used or set(used) - known or len(columns) != len(work.columns):
        raise Invalid(columns=[_("Say what at least one column fills.")])
    if len(set(used)) < len(used):
        raise Invalid(columns=[_("Two columns fill the same. Choose one of them.")])
    if key and key not in used:
        raise Invalid(key=[_("No column of the file fills what is to find the records.")])
    if on_problem == OnProblem.NOTHING and work.total > MOST_AT_ONCE:
        words = {"limit": MOST_AT_ONCE}
        raise Invalid(
            on_problem=[_("All or nothing works up to %(limit)d rows. Leave out bad rows.") % words]
        )
    _move(
        work,
        {Status.NEW, Status.CHECKED, Status.FAILED},
        status=Status.CHECKING,
        columns=list(columns),
        key=key,
        on_problem=on_problem,
        decimals=decimals,
        done=0,
        results=[],
        problems=[],
        error="",
    )


def run_import(*, work: RecordImport) -> None:
    """Import what was checked. Raises Conflict where a row is bad and nothing may be left out."""
    if work.status == Status.CHECKED and work.problems and work.on_problem == OnProblem.NOTHING:
        raise Conflict(_("Some rows have problems. Correct the file, or leave these rows out."))
    _move(work, {Status.CHECKED}, status=Status.IMPORTING, done=0, results=[], problems=[], error="")


def discard_import(*, work: RecordImport) -> None:
    """Forget it with its file and its report. Raises Conflict while a worker is at it."""
    stopped = RecordImport.objects.filter(pk=work.pk).exclude(status=Status.IMPORTING)
    if not stopped.delete()[0]:
        raise Conflict(_("It is being imported. Wait until that is done."))


def run_imports() -> None:
    """Go on with all that is waiting, batch by batch; what is left after a while is left to the next job."""
    began = time.monotonic()
    while (work := _claim()) is not None:
        try:
            with translation.override(work.by.language):
                _work_on(work, began)
        except Exception:
            logger.exception("The import %s cannot go on.", work.pk)
            sentence = _(
                "Something went wrong in line %(line)d or after it; the operator finds it in the log."
            )
            with translation.override(work.by.language):
                error = sentence % {"line": work.done + 2}
            RecordImport.objects.filter(pk=work.pk).update(
                status=Status.FAILED, claimed_until=None, error=error
            )
        if time.monotonic() - began > working.PATIENCE:
            return working.wake(RUN)
    return None


def _claim() -> RecordImport | None:
    now = timezone.now()
    with transaction.atomic():
        waiting = RecordImport.objects.waiting(now).select_for_update(skip_locked=True, of=("self",))
        work: RecordImport | None = waiting.select_related("by").order_by("id").first()
        if work is not None:
            work.claimed_until = now + working.LEASE
            work.save(update_fields=["claimed_until"])
    return work


def _work_on(work: RecordImport, began: float) -> None:
    importer = Importer(work)
    rehearses = work.status == Status.CHECKING
    at_once = not rehearses and work.on_problem == OnProblem.NOTHING
    size = work.total if at_once else BATCH
    while work.done < work.total and time.monotonic() - began < working.PATIENCE:
        rows = importer.rows[work.done : work.done + size]
        with transaction.atomic():
            results, problems = _save_rows(importer, rows)
            if rehearses or (at_once and problems):
                transaction.set_rollback(True)
            else:
                _note(work, results, problems)
        if at_once and problems:  # what was right when it was checked is so no longer
            work.results, work.problems, work.done = [], [], 0
            work.status = Status.CHECKED
            _note(work, results, problems)
        elif rehearses:
            _note(work, results, problems)
    if work.done < work.total or work.status == Status.CHECKED:
        RecordImport.objects.filter(pk=work.pk).update(claimed_until=None)
    elif rehearses:
        _finish(work, status=Status.CHECKED)
    else:
        _finish(work, status=Status.DONE, content=b"", finished_at=timezone.now())


def _save_rows(importer: Importer, rows: Sequence[Row]) -> tuple[list[Any], list[Any]]:
    """What becomes of each row, and all that is wrong with them; each is undone alone."""
    results: list[Any] = []
    problems: list[Any] = []
    now = timezone.now()
    for row in rows:
        try:
            with transaction.atomic():
                outcome, pk = importer.save(row, now)
            results.append([row.line, outcome, pk])
        except RowRefused as refused:
            results.append([row.line, REFUSED, None])
            problems += [[row.line, column, sentence] for column, sentence in refused.problems]
    return results, problems


def _note(work: RecordImport, results: list[Any], problems: list[Any]) -> None:
    """Write down how far it is, in the transaction of the batch where that is kept."""
    work.results = [*work.results, *results]
    work.problems = [*work.problems, *problems]
    work.done += len(results)
    work.claimed_until = timezone.now() + working.LEASE
    work.save(update_fields=["status", "results", "problems", "done", "claimed_until"])


def _finish(work: RecordImport, **values: Any) -> None:
    RecordImport.objects.filter(pk=work.pk).update(claimed_until=None, **values)


def _move(work: RecordImport, allowed: set[str], **values: Any) -> None:
    """Compare and set; a second click finds that it has moved on."""
    moved = RecordImport.objects.filter(pk=work.pk, status__in=allowed).update(claimed_until=None, **values)
    if not moved:
        raise Conflict(_("This import has moved on. Look at its page again."))
    transaction.on_commit(lambda: working.wake(RUN))
