"""What is committed: locks with hashes and without hosts, small files, no word of the workplace."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["base", "embedded", "dev"]
LONGEST = 400


def committed(*patterns: str) -> list[Path]:
    """Return the files that git knows or would take, so that a new file is looked at before its commit."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    names = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"(?m)^([a-z0-9-]+(?:\[[^]]*\])?==[^\\]+?) \\\n((?:    --hash=.*\n?)+)", text))


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    packages = re.findall(r"(?m)^[a-z0-9-]\S*==", text)
    assert len(packages) == len(pins(name)) > 0
    assert all("sha256:" in hashes for hashes in pins(name).values())


@pytest.mark.parametrize(
    "path", [*(f"requirements/{name}.txt" for name in LOCKS), "package-lock.json", ".npmrc"]
)
def test_locks_name_no_host_and_no_path_of_a_machine(path: str) -> None:
    text = (ROOT / path).read_text()
    assert "://" not in text
    assert not re.search(r"--(extra-)?index-url|--find-links|file:|\s/\w+/", text)


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_what_is_asked_for(name: str) -> None:
    asked = re.findall(r"(?m)^([a-z][a-z0-9-]*)", (ROOT / "requirements" / f"{name}.in").read_text())
    locked = {re.split(r"[\[=]", pin)[0] for pin in pins(name)}
    assert set(asked) <= locked


def test_developers_have_the_versions_that_users_have() -> None:
    assert set(pins("base")) <= set(pins("dev"))


def test_npm_lock_has_integrity_for_every_package() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = json.loads((ROOT / "package.json").read_text())
    for name, package in packages.items():
        if name:
            assert package["integrity"].startswith("sha512-"), name
            assert not package.get("hasInstallScript"), name
    for part in ("dependencies", "devDependencies"):
        assert packages[""][part] == wanted[part]


def test_no_file_is_too_long() -> None:
    made_by_tools = {"requirements", "migrations"}
    files = [path for path in committed() if path.parent.name not in made_by_tools]
    endings = {".py", ".html", ".js", ".css", ".md", ".toml", ".yml", ".sh"}
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files
        if path.suffix in endings and (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert long == {}


# Put together from parts, or this file would name them itself.
UNWELCOME = re.compile(
    "|".join(
        [
            r"(?<![\w./])/" + "work" + r"/(main|shared)\b",
            r"(?<![\w.])/" + "opt" + r"/(wheels|pypi)",
            r"/\." + "library" + r"\b",
            "py" + r"pi\.org|python" + r"hosted|registry\." + "npm" + "js",
            r"\b(chat" + r"gpt|clau" + r"de|anthro" + r"pic|open" + r"ai|co" + r"pilot|L" + r"LM)\b",
        ]
    ),
    re.IGNORECASE,
)


def test_the_project_speaks_of_itself_alone() -> None:
    found = []
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in UNWELCOME.finditer(text)]
    assert found == []


def test_nothing_made_or_installed_is_committed() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    tops = {name.split("/")[0] for name in tracked.stdout.split("\0")}
    assert tops.isdisjoint({"build", "node_modules", "var", ".venv", ".env"})
    assert [
        name for name in tracked.stdout.split("\0") if name.endswith((".mo", ".pyc", ".min.js", ".woff2"))
    ] == []
