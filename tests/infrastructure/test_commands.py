"""The commands for people: scripts that parse, installs that are skipped, files that pages may name."""

import os
import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from bpm_portal import catalogues, vendor
from bpm_portal.embedded import CannotStart, programs

ROOT = Path(__file__).resolve().parents[2]
# Whoever runs the tests by make must not become the make that is tested.
ENV = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
PROMISED = ["run", "test", "format", "locks", "screenshots", "conformance"]


@pytest.mark.parametrize("target", PROMISED)
def test_make_knows_what_is_promised(target: str) -> None:
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, env=ENV, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["run", "checks", "locks", "browser", "conformance"])
def test_scripts_parse(name: str) -> None:
    shell = "bash" if name == "run" else "sh"
    done = subprocess.run([shell, "-n", ROOT / ".ci" / name], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_ci_runs_the_whole_suite() -> None:
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("exec make test")
    plan = subprocess.run(
        ["make", "--dry-run", "test"], cwd=ROOT, env=ENV, capture_output=True, text=True
    ).stdout
    for word in (
        "ruff check",
        "ruff format --check",
        "djlint",
        "mypy",
        "lint-imports",
        ".ci/checks",
        "pytest -n 2 --dist loadfile",
    ):
        assert word in plan
    assert "-m pytest" in plan.rstrip().splitlines()[-1], (
        "the tests come last, so that their summary is the last line"
    )


def test_conformance_without_cases_says_what_to_name() -> None:
    done = subprocess.run(
        ["make", "conformance", "CONFORMANCE="], cwd=ROOT, env=ENV, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert "make conformance CONFORMANCE=folder" in done.stdout


def test_only_new_enough_programs_are_taken(tmp_path: Path) -> None:
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.2'\n")
        (tmp_path / name).chmod(0o755)
    assert programs.major_version(tmp_path / "postgres") == 14
    with pytest.raises(CannotStart, match="PostgreSQL 3 is not on this machine"):
        programs.find_postgres(only_version=3)


def test_front_end_files_name_only_what_is_exposed() -> None:
    sheet = (
        "@font-face{font-family:x;src:url('x.eot?1');src:url('x.eot?1#iefix') format('embedded-opentype'),"
        "url('x.woff2?1') format('woff2'),url('x.ttf?1') format('truetype');font-weight:normal}\n"
        "a{color:red}\n/* kept */\n/*\n@media x{src:url('x.svg')}\n*//*# sourceMappingURL=x.css.map */"
    )
    assert vendor.without_missing_files(sheet) == (
        "@font-face{font-family:x;src:url('x.woff2?1') format(\"woff2\");font-weight:normal}\n"
        "a{color:red}\n/* kept */\n"
    )
    for name in vendor.FILES:
        text = (vendor.EXPOSED / name).read_bytes()
        assert b"sourceMappingURL" not in text
        if name.endswith(".css"):
            for url in re.findall(
                rb"url\([\"']?(?!data:|#|%23)([^\"')?#]+)", re.sub(rb"(?s)/\*.*?\*/", b"", text)
            ):
                assert (vendor.EXPOSED / name).parent.joinpath(url.decode()).is_file(), (name, url)


def test_second_call_for_front_end_files_installs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("installed again")

    monkeypatch.setattr(vendor, "install", refuse)
    monkeypatch.setattr(sys, "argv", ["vendor"])
    assert vendor.main() == 0


def test_catalogues_are_compiled_when_their_text_changes(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    catalogue.append(polib.POEntry(msgid="Process", msgstr="Процесс"))
    catalogue.save(str(source))
    assert catalogues.compile_catalogue(source)
    assert not catalogues.compile_catalogue(source)
    assert polib.mofile(str(source.with_suffix(".mo"))).find("Process").msgstr == "Процесс"
