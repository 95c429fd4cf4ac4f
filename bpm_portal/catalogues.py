"""Compile gettext catalogues (.po to .mo) without gettext's own tools: `python -m bpm_portal.catalogues`."""

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
APPS = ("bpm_portal", "processes", "activities", "records", "notifications")


def sources() -> list[Path]:
    """Return every catalogue of the project."""
    return sorted(found for app in APPS for found in (ROOT / app).glob("**/locale/*/LC_MESSAGES/*.po"))


def compile_catalogue(source: Path) -> bool:
    """Write the .mo beside `source` unless it is up to date; return whether it was written.

    Compares contents, not times: a fresh checkout gives all files the same time.
    """
    target = source.with_suffix(".mo")
    compiled = polib.pofile(str(source)).to_binary()
    if target.exists() and target.read_bytes() == compiled:
        return False
    target.write_bytes(compiled)
    return True


def main() -> int:
    """Compile what has changed, and say which."""
    for source in sources():
        if compile_catalogue(source):
            print(f"Compiled {source.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
