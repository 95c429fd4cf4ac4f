"""What the sources say: every text of every app, once, with the files that use it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from bpm_portal.catalogues import APPS, ROOT
from bpm_portal.texts import python, templates
from bpm_portal.texts.text import Text, UnreadableError

Reader = Callable[[str, str], Iterator[Text]]
TEMPLATE_SUFFIXES = {".html", ".txt"}


def find_texts() -> list[Text]:
    """All texts of the project, sorted by where they first appear. Raises UnreadableError."""
    merged: dict[tuple[str | None, str], Text] = {}
    for path, text in _scan():
        known = merged.get(text.key)
        if known and known.plural and text.plural and known.plural != text.plural:
            raise UnreadableError(f"{path}: “{text.msgid}” has another plural elsewhere.")
        merged[text.key] = Text(
            msgid=text.msgid,
            plural=text.plural or (known.plural if known else ""),
            context=text.context,
            places=(known.places if known else frozenset()) | {path},
        )
    return sorted(merged.values(), key=lambda text: (min(text.places), text.msgid, text.context or ""))


def _scan() -> Iterator[tuple[str, Text]]:
    for folder in (*APPS, "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            reader = _reader(path)
            if reader is None:
                continue
            place = path.relative_to(ROOT).as_posix()
            for text in reader(path.read_text(encoding="utf-8"), place):
                yield place, text


def _reader(path: Path) -> Reader | None:
    if path.suffix == ".py" and "migrations" not in path.parts:
        return python.texts_of
    if path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts:
        return templates.texts_of
    return None
