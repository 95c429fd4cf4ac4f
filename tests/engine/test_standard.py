"""The rules of the standard for whole files: each is broken by a diagram of its own, and good ones break none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpm_portal.demo
from processes.engine.problems import SENTENCES
from processes.engine.standard import MOST_OF_A_RULE, check
from tests.engine.drawing import end, start, xml
from tests.engine.executable_cases import EXECUTABLE_CASES, EXECUTABLE_GOOD, EXECUTABLE_LENIENT
from tests.engine.ownership_cases import OWNERSHIP_CASES, OWNERSHIP_GOOD
from tests.engine.standard_cases import COMPANY, STANDARD_CASES
from tests.engine.standard_good import GOOD

CASES = [
    (code, data)
    for cases in (STANDARD_CASES, EXECUTABLE_CASES, OWNERSHIP_CASES)
    for code, files in cases.items()
    for data in files
]
OWN = [
    *(Path(__file__).parent.parent / "diagrams").glob("*.bpmn"),
    *Path(bpm_portal.demo.__file__).parent.rglob("*.bpmn"),
]


@pytest.mark.parametrize(("code", "data"), CASES)
def test_a_broken_rule_is_named(code: str, data: bytes) -> None:
    problems = check(data)
    codes = {each.code for each in problems}
    assert code in codes
    assert codes <= {code} | COMPANY.get(code, set())
    for each in problems:
        assert each.severity == "error"
        assert each.line > 0
        assert SENTENCES[each.code].format(**each.params) == each.message


@pytest.mark.parametrize("data", [*GOOD, *EXECUTABLE_GOOD, *OWNERSHIP_GOOD])
def test_a_good_diagram_breaks_no_rule(data: bytes) -> None:
    assert check(data) == []


@pytest.mark.parametrize("data", EXECUTABLE_LENIENT)
def test_what_an_engine_or_nobody_runs_may_leave_out_what_the_standard_asks_for(data: bytes) -> None:
    assert check(data) == []


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_our_own_diagrams_break_no_rule(path: Path) -> None:
    if path.stem != "refused":
        assert [each.message for each in check(path.read_bytes())] == []


def test_a_rule_that_is_broken_everywhere_is_told_of_the_first_places_only() -> None:
    nobody = "".join(f'<task id="t{number}"/>' for number in range(2 * MOST_OF_A_RULE))
    problems = check(xml(start(), end(), nobody, flows=["start end"]))
    assert [each.code for each in problems] == ["nothing_leads_in"] * MOST_OF_A_RULE


@pytest.mark.parametrize("data", [b"", b"<a", b"<a/>", b'<process xmlns="urn:x" id="p"/>', b"\xff\xfe"])
def test_what_is_no_bpmn_breaks_no_rule_of_it(data: bytes) -> None:
    assert check(data) == []


@given(st.data())
def test_no_damage_to_a_diagram_breaks_the_rules_themselves(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from([source for _, source in CASES])).decode()
    names = ["sourceRef", "targetRef", "messageRef", "id", "attachedToRef", "structureRef", "itemSubjectRef"]
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(names))
        value = data.draw(st.sampled_from(["", "a", "start", "x:y", "p", "text", "$", "9" * 5000]))
        source = source.replace(f'{name}="', f'{name}="{value}', data.draw(st.integers(0, 3)))
    check(source.encode())
