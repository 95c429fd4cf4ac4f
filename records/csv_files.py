"""CSV as spreadsheets write and read it: delimiters, encodings, cells that look like formulas."""

import codecs
import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

MARK = b"\xef\xbb\xbf"  # spreadsheets take a file without it for something older than UTF-8
BATCH = 200  # rows
FORMULA = ("=", "+", "-", "@", "\t", "\r")
DELIMITERS = (";", ",", "\t")
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # "Unicode text" of spreadsheets
ENCODINGS = (
    "utf-8-sig",
    "cp1251",
)  # in the order in which they are tried; the last one fits any bytes but one


class _Line:
    """What csv.writer writes to: it hands every line on."""

    def write(self, line: str) -> str:
        return line


def safe_cell(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def plain_cell(text: str) -> str:
    """The text of a cell as it was before `safe_cell`."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def lines(rows: Iterable[Sequence[Any]], *, delimiter: str = ",", mark: bool = True) -> Iterator[bytes]:
    """The bytes of a file, a batch of rows at a time; with the `mark` of UTF-8 at its head."""
    writer = csv.writer(_Line(), delimiter=delimiter)
    rows = iter(rows)
    batch = MARK if mark else b""
    while written := [writer.writerow(row) for row in islice(rows, BATCH)]:
        yield batch + "".join(written).encode()
        batch = b""


def csv_response(request: HttpRequest, content: Iterable[bytes], *, name: str) -> StreamingHttpResponse:
    """A file that is sent as it is written."""
    # Under ASGI a plain iterator would be collected before anything is sent.
    body: Any = _asynchronously(iter(content)) if isinstance(request, ASGIRequest) else content
    response = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding; raises UnicodeDecodeError where it is no text at all."""
    if content.startswith(WIDE):
        return content.decode("utf-16"), "utf-16"
    if b"\x00" in content:
        raise UnicodeDecodeError("utf-8", content, content.index(b"\x00"), len(content), "not a text")
    try:
        return content.decode(ENCODINGS[0]), ENCODINGS[0]
    except UnicodeDecodeError:
        return content.decode(ENCODINGS[1]), ENCODINGS[1]


def sniffed(text: str) -> str:
    """The delimiter that splits the first rows into equally many cells, else the head into most."""

    def score(delimiter: str) -> tuple[bool, int]:
        try:
            first = [len(row) for _line, row in islice(read_rows(text, delimiter), 10)]
        except csv.Error:
            return False, 0
        width = first[0] if first else 0
        return width > 1 and len(set(first)) == 1, width

    return max(DELIMITERS, key=score)


class BrokenQuotes(csv.Error):
    """The row that begins on `line` has a quotation mark that nothing closes, or one within its cell."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def read_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its last line. Raises BrokenQuotes: such a cell would swallow what follows."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        before = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BrokenQuotes(before + 1) from error
        yield reader.line_num, cells


async def _asynchronously(rows: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Each next row is made in the thread that holds the connection to the database."""
    done = object()
    while (row := await sync_to_async(next, thread_sensitive=True)(rows, done)) is not done:
        yield row  # type: ignore[misc]
