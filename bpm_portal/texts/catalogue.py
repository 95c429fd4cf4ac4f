"""Catalogues: what the sources say merged into them, and what is wrong with them."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

from bpm_portal.catalogues import ROOT
from bpm_portal.texts.text import Text

LOCALE = ROOT / "bpm_portal" / "locale"
PLURALS = {
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
}
PLACEHOLDER = re.compile(r"%\([^)]+\)[sdrf]|%%")
BRACES = re.compile(r"\{[a-z_]+\}")  # of str.format, in the sentences of the engine


def languages() -> dict[str, Path]:
    """Language -> its catalogue."""
    return {path.parent.parent.name: path for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))}


def merge(texts: Iterable[Text], path: Path, language: str) -> polib.POFile:
    """The catalogue with exactly these texts; known translations stay, what nobody says any more goes."""
    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    known = {(entry.msgctxt, entry.msgid): entry for entry in old}
    new = polib.POFile(wrapwidth=100)
    new.metadata = {
        "Project-Id-Version": "BPM Portal",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for text in texts:
        new.append(_entry(text, known.get(text.key), _plural_forms(language)))
    return new


def problems(texts: Iterable[Text], path: Path) -> list[str]:
    """What a reader of this language would notice: texts that are missing, unsure, left over or broken."""
    catalogue = polib.pofile(str(path))
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    said = {text.key: text for text in texts}
    found = [f"not in the catalogue: {_shown(key)}" for key in said if key not in entries]
    found += [f"nobody says it any more: {_shown(key)}" for key in entries if key not in said]
    found += [f"obsolete: {entry.msgid!r}" for entry in catalogue.obsolete_entries()]
    for key, entry in entries.items():
        found += [f"{problem}: {_shown(key)}" for problem in _problems_of(entry)]
    return found


def _plural_forms(language: str) -> int:
    return int(PLURALS[language].split("nplurals=")[1].split(";")[0])


def _entry(text: Text, known: polib.POEntry | None, forms: int) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=text.msgid,
        msgctxt=text.context,
        occurrences=[(place, "") for place in sorted(text.places)],
        flags=["python-format"] if PLACEHOLDER.search(text.msgid + text.plural) else [],
    )
    if text.plural:
        entry.msgid_plural = text.plural
        same = known is not None and known.msgid_plural == text.plural
        entry.msgstr_plural = known.msgstr_plural if known and same else dict.fromkeys(range(forms), "")
    elif known is not None:
        entry.msgstr = known.msgstr
    return entry


def _problems_of(entry: polib.POEntry) -> Iterator[str]:
    translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(translations):
        yield "not translated"
        return
    if entry.fuzzy:
        yield "fuzzy"
    wanted = _placeholders(entry.msgid_plural or entry.msgid)
    allowed = wanted | _placeholders(entry.msgid)
    for translation in translations:
        used = _placeholders(translation)
        if used - allowed or (wanted - used and not entry.msgid_plural):
            yield "its placeholders differ"
            return


def _placeholders(text: str) -> set[str]:
    return {*PLACEHOLDER.findall(text), *BRACES.findall(text)}


def _shown(key: tuple[str | None, str]) -> str:
    context, msgid = key
    return f"{msgid!r} ({context})" if context else repr(msgid)
