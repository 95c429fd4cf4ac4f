"""Text functions (DMN 1.5, 10.3.4). Positions count characters from 1; negative ones count from the end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from . import regex
from .runtime import Run
from .signatures import Family

FAMILY = Family()


@FAMILY.define("substring", "string: string, start position: number, length: number?")
def substring(run: Run, text: str, start: Decimal, length: Decimal | None) -> str | None:
    run.spend_text(len(text))
    first = int(start)
    if first == 0 or abs(first) > len(text):
        return "" if abs(first) > len(text) else run.note("Positions in a text count from 1.")
    begin = first - 1 if first > 0 else len(text) + first
    if length is None:
        return text[begin:]
    if length < 1:
        return run.note("substring() takes a length of at least 1.")
    return text[begin : begin + int(length)]


@FAMILY.define("string length", "string: string")
def string_length(run: Run, text: str) -> Decimal:
    return Decimal(len(text))


@FAMILY.define("upper case", "string: string")
def upper_case(run: Run, text: str) -> str:
    run.spend_text(len(text))
    return text.upper()


@FAMILY.define("lower case", "string: string")
def lower_case(run: Run, text: str) -> str:
    run.spend_text(len(text))
    return text.lower()


@FAMILY.define("trim", "string: string")
def trim(run: Run, text: str) -> str:
    run.spend_text(len(text))
    return text.strip()


@FAMILY.define("substring before", "string: string, match: string")
def substring_before(run: Run, text: str, match: str) -> str:
    run.spend_text(len(text) + len(match))
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@FAMILY.define("substring after", "string: string, match: string")
def substring_after(run: Run, text: str, match: str) -> str:
    run.spend_text(len(text) + len(match))
    return text.partition(match)[2] if match else text


@FAMILY.define("contains", "string: string, match: string")
def contains(run: Run, text: str, match: str) -> bool:
    run.spend_text(len(text) + len(match))
    return match in text


@FAMILY.define("starts with", "string: string, match: string")
def starts_with(run: Run, text: str, match: str) -> bool:
    run.spend_text(len(match))
    return text.startswith(match)


@FAMILY.define("ends with", "string: string, match: string")
def ends_with(run: Run, text: str, match: str) -> bool:
    run.spend_text(len(match))
    return text.endswith(match)


@FAMILY.define("string join", "list: list, delimiter: string?, prefix: string?, suffix: string?")
def string_join(
    run: Run, items: list[Any], delimiter: str | None, prefix: str | None, suffix: str | None
) -> Any:
    """The texts of a list, one after the other; nulls are left out, anything else makes the result null."""
    texts = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in texts):
        return run.note("string join() takes a list of texts.")
    between = delimiter or ""
    length = sum(map(len, texts)) + len(between) * len(texts) + len(prefix or "") + len(suffix or "")
    run.spend(len(items))
    run.spend_text(length)
    return (prefix or "") + between.join(texts) + (suffix or "")


@FAMILY.define("matches", "input: string, pattern: string, flags: string?")
def matches(run: Run, text: str, pattern: str, flags: str | None) -> bool | None:
    program = _program(run, pattern, flags)
    return None if program is None else regex.search(run, program, text, 0) is not None


@FAMILY.define("replace", "input: string, pattern: string, replacement: string, flags: string?")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> str | None:
    """Every match replaced; `$1` in the replacement is the first group, `$0` the whole match."""
    program = _program(run, pattern, flags)
    if program is None:
        return None
    pieces: list[str] = []
    last = length = 0
    for match in regex.matches(run, program, text):
        filled = regex.fill(run, replacement, text, match)
        length += match.start - last + len(filled)
        run.spend_text(length if length > len(text) else len(filled))
        pieces += (text[last : match.start], filled)
        last = match.end
    pieces.append(text[last:])
    run.spend_text(length + len(text) - last)
    return "".join(pieces)


@FAMILY.define("split", "string: string, delimiter: string")
def split(run: Run, text: str, delimiter: str) -> list[str] | None:
    """The pieces between the matches of a regular expression."""
    program = _program(run, delimiter, None)
    if program is None:
        return None
    pieces: list[str] = []
    last = 0
    for match in regex.matches(run, program, text):
        if match.end > match.start:
            pieces.append(text[last : match.start])
            last = match.end
    pieces.append(text[last:])
    run.spend(len(pieces))
    return pieces


@FAMILY.define("extract", "input: string, pattern: string, flags: string?")
def extract(run: Run, text: str, pattern: str, flags: str | None) -> list[str] | None:
    """The texts of all matches."""
    program = _program(run, pattern, flags)
    if program is None:
        return None
    found = [text[match.start : match.end] for match in regex.matches(run, program, text)]
    run.spend(len(found))
    return found


def _program(run: Run, pattern: str, flags: str | None) -> regex.Program | None:
    run.spend_text(len(pattern))
    try:
        return regex.compile_pattern(pattern, flags or "")
    except regex.PatternError as error:
        run.note(f"The regular expression cannot be used: {error}.")
        return None
