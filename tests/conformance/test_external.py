"""The cases that others wrote, where the environment variable CONFORMANCE names their folder."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(os.environ.get("CONFORMANCE", "/nowhere"))

#: Cases passed at least, of all that there are: a smaller number means that something broke.
EXPECTED = {"betsy": 113, "constraints": 148, "behaviour": 75, "token-simulation": 61}


@pytest.mark.skipif(
    not (FOLDER / "runner.py").is_file(),
    reason="CONFORMANCE names no folder with cases (it holds runner.py).",
)
def test_cases_of_others_pass_as_often_as_they_did(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    command = [
        sys.executable,
        str(FOLDER / "runner.py"),
        "--adapter",
        "tests.conformance.adapter:PortalAdapter",
    ]
    subprocess.run([*command, "--constraints", "--quiet", "--json", str(results)], cwd=ROOT, check=True)
    passed = Counter(_kind(case) for case in json.loads(results.read_text()) if case["ok"])
    assert {suite: passed[suite] >= least for suite, least in EXPECTED.items()} == dict.fromkeys(
        EXPECTED, True
    )


def _kind(case: dict[str, str]) -> str:
    """Models that must be refused are counted apart from those that must run."""
    return "constraints" if case["group"] == "constraints" else case["suite"]
