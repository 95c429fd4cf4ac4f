"""Third-party front-end files: installed by the npm lock, and only those in use exposed under `vendor/`.

`python -m bpm_portal.vendor` does nothing while the lock and this list are unchanged. The bpmn.io mark on
diagrams is part of the license of bpmn-js and stays visible.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from bpm_portal.embedded.errors import CannotStart
from bpm_portal.embedded.programs import find_npm

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
EXPOSED = ROOT / "build" / "vendor"
STAMP = ROOT / "build" / "vendor.stamp"

# What pages may name, as {% static "vendor/..." %}, and where it is in node_modules.
FILES = {
    # Look: Bootstrap 5 with Tabler's components, dark mode, icons as <i class="ti ti-bell">.
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "icons/tabler-icons.min.css": "@tabler/icons-webfont/dist/tabler-icons.min.css",
    "icons/fonts/tabler-icons.woff2": "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2",
    "icons/LICENSE": "@tabler/icons-webfont/LICENSE",
    # Statistics.
    "chart/chart.umd.min.js": "chart.js/dist/chart.umd.min.js",
    "chart/LICENSE.md": "chart.js/LICENSE.md",
    # Diagrams: the viewer shows (window.BpmnJS), the modeler edits (the same name, so one page loads one).
    "bpmn-js/bpmn-navigated-viewer.production.min.js": "bpmn-js/dist/bpmn-navigated-viewer.production.min.js",
    "bpmn-js/bpmn-modeler.production.min.js": "bpmn-js/dist/bpmn-modeler.production.min.js",
    "bpmn-js/assets/diagram-js.css": "bpmn-js/dist/assets/diagram-js.css",
    "bpmn-js/assets/bpmn-js.css": "bpmn-js/dist/assets/bpmn-js.css",
    "bpmn-js/assets/bpmn-font/css/bpmn.css": "bpmn-js/dist/assets/bpmn-font/css/bpmn.css",
    "bpmn-js/assets/bpmn-font/font/bpmn.woff2": "bpmn-js/dist/assets/bpmn-font/font/bpmn.woff2",
    "bpmn-js/LICENSE": "bpmn-js/LICENSE",
}

SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=\S+ \*/|^//# sourceMappingURL=\S+$", re.MULTILINE)
COMMENT_WITH_FILE = re.compile(r"/\*(?!!)(?:(?!\*/).)*?url\(.*?\*/", re.DOTALL)
FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
FONT_SOURCES = re.compile(r"(\s*src:[^;}]*;?)+")
WOFF2 = re.compile(r"url\([^)]*\.woff2[^)]*\)")


def without_missing_files(text: str) -> str:
    """Drop what a style sheet or script names but is not exposed: source maps, fonts older than woff2.

    `collectstatic` follows every name, even one in a comment, and refuses what leads nowhere.
    """

    def newest_font(face: re.Match[str]) -> str:
        found = WOFF2.search(face[0])
        return FONT_SOURCES.sub(f'src:{found[0]} format("woff2");', face[0]) if found else face[0]

    return FONT_FACE.sub(newest_font, COMMENT_WITH_FILE.sub("", SOURCE_MAP.sub("", text)))


def fingerprint() -> str:
    """Return the hash of all that decides what is exposed."""
    parts = [ROOT / "package-lock.json", ROOT / "package.json", Path(__file__)]
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def install() -> None:
    """Install the npm lock into node_modules; raises CannotStart when it fails."""
    done = subprocess.run([*find_npm(), "ci", "--loglevel=error"], cwd=ROOT, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise CannotStart("npm could not install package-lock.json; see its message above.")


def expose() -> None:
    """Copy the files in use to build/vendor, in place of what was there."""
    fresh = EXPOSED.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, source in FILES.items():
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix in {".css", ".js"}:
            text = (MODULES / source).read_text(encoding="utf-8")
            target.write_text(without_missing_files(text), encoding="utf-8")
        else:
            shutil.copyfile(MODULES / source, target)
    shutil.rmtree(EXPOSED, ignore_errors=True)
    fresh.rename(EXPOSED)


def main() -> int:
    """Return 0 when the files are in place."""
    parser = argparse.ArgumentParser(prog="python -m bpm_portal.vendor", description=__doc__)
    parser.add_argument(
        "--installed", action="store_true", help="node_modules is there already (container images)"
    )
    options = parser.parse_args()
    wanted = fingerprint()
    if EXPOSED.is_dir() and STAMP.exists() and STAMP.read_text() == wanted:
        return 0
    try:
        if not options.installed:
            install()
        expose()
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        return 1
    STAMP.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
