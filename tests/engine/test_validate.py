"""Every way to be refused or warned: each problem code with a diagram that has just that problem."""

import re
from pathlib import Path

import pytest

import processes.engine
from processes.engine.bpmn import read
from processes.engine.problems import SENTENCES
from processes.engine.validate import validate
from tests.engine.drawing import (
    end,
    look,
    node,
    script,
    service,
    start,
    sub,
    timer,
    user,
    xml,
    xor,
)
from tests.engine.executable_cases import EXECUTABLE_CASES
from tests.engine.ownership_cases import OWNERSHIP_CASES
from tests.engine.problem_cases import CASES, OK
from tests.engine.standard_cases import STANDARD_CASES
from tests.engine.test_dmn import DMN_CASES
from tests.engine.test_hostile import FILES

#: Problems that come in company: what cannot be run is often a mistake in the graph as well.
COMPANY = {"not_executable", "unreachable", "no_end", "split_no_default"}


def test_a_good_diagram_has_no_problems() -> None:
    assert look(OK)[1] == []


@pytest.mark.parametrize(("code", "data"), [(code, data) for code, files in CASES.items() for data in files])
def test_a_problem_is_named(code: str, data: bytes) -> None:
    reading, codes = look(data)
    assert code in codes
    assert set(codes) <= {code} | COMPANY
    for problem in reading.problems:
        assert problem.line > 0
        assert problem.element or code == "process_id"
        assert SENTENCES[problem.code].format(**problem.params) == problem.message


def test_every_problem_of_the_engine_has_a_case() -> None:
    package = Path(processes.engine.__file__).parent
    sources = "".join(path.read_text() for path in package.rglob("*.py") if path.name != "problems.py")
    used = {code for code in SENTENCES if re.search(rf'"{code}"', sources)}
    known = {code for _, code in FILES.values()} | set(STANDARD_CASES) | set(DMN_CASES)
    known |= set(EXECUTABLE_CASES) | set(OWNERSHIP_CASES)
    assert used <= known | set(CASES)
    assert set(CASES) <= used


def test_all_problems_are_told_at_once_with_their_lines() -> None:
    reading, codes = look(
        xml(
            start(),
            user("a", portal_kind="dance"),
            xor("x"),
            node("choreographyTask", "or"),
            script("s", "1 +"),
            flows=["start a", "a x", "x or", "x s", "or gone"],
        )
    )
    assert {"unknown_kind", "gateway_condition", "not_executable", "expression_syntax", "flow_target"} <= set(
        codes
    )
    lines = {each.code: each.line for each in reading.problems}
    assert (lines["unknown_kind"], lines["not_executable"], lines["expression_syntax"]) == (4, 6, 7)


@pytest.mark.parametrize(
    ("element", "sentence"),
    [
        (node("choreographyTask", "x", name="Which?"), "The choreography task “Which?” cannot be run yet."),
        (node("choreographyTask", "x"), "The choreography task “x” cannot be run yet."),
    ],
)
def test_what_cannot_be_run_is_refused_by_name(element: str, sentence: str) -> None:
    reading, _ = look(xml(start(), element, end(), flows=["start end"], roots='<signal id="s" name="go"/>'))
    assert sentence in [each.message for each in reading.problems]


def test_an_expression_problem_shows_the_text() -> None:
    reading, _ = look(xml(start(), user("a"), end(), flows=["start a", "a end: amount >"]))
    (problem,) = [each for each in reading.problems if each.code == "expression_syntax"]
    assert problem.element == "a-end"
    assert "amount >" in problem.message
    assert problem.params["text"] == "amount >"


def test_the_known_kinds_and_services_are_listed() -> None:
    (definition,) = read(
        xml(
            start(),
            user("a", portal_kind="dance"),
            service("s", portal_service="gone"),
            flows=["start a", "a s"],
        )
    ).definitions
    messages = [each.message for each in validate(definition, kinds=["b", "a"], services=[])]
    assert "“a” has the unknown kind “dance”; known are: a, b." in messages
    assert "“s” asks for the unknown service “gone”; known are: -." in messages


def test_an_event_sub_process_and_what_it_holds_are_not_unreachable() -> None:
    event = sub(
        "e",
        node("startEvent", "es", timer("timeDuration", "PT1H")),
        end("ee"),
        flows=["es ee"],
        triggeredByEvent="true",
    )
    _, codes = look(xml(start(), event, end(), flows=["start end"]))
    assert "unreachable" not in codes
