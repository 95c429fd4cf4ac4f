"""The adapter plays our own small cases as the external runner would."""

import pytest

from tests.conformance.words import BpmnErrorCode, EngineError, Refused
from tests.engine.drawing import boundary_timer, catch_timer, end, node, par, script, start, user, xml, xor

CHOICE = xml(
    start(),
    xor("which", default="which-no"),
    user("yes"),
    user("no"),
    end(),
    flows=["start which", "which yes: ${way == 'right'}", "which no", "yes end", "no end"],
)
MESSAGE = '<message id="m" name="order"/>'
ORDERED = xml(
    node("startEvent", "start", '<messageEventDefinition messageRef="m"/>'),
    user("pack"),
    end(),
    flows=["start pack", "pack end"],
    roots=MESSAGE,
)


@pytest.mark.parametrize(("way", "expected"), [("right", "yes"), ("left", "no")])
def test_neutral_conditions_choose_the_work_that_waits(play, way: str, expected: str) -> None:
    case = play(CHOICE, expressions={"${way == 'right'}": "way == 'right'"})
    case.start("p", {"way": way})
    assert case.waiting() == [expected]
    case.complete(expected, {})
    assert case.waiting() == []
    assert case.ended()


def test_work_that_nobody_waits_at_is_an_error(play) -> None:
    case = play(CHOICE, expressions={"${way == 'right'}": "way == 'right'"})
    case.start("p", {"way": "left"})
    with pytest.raises(EngineError, match="yes"):
        case.complete("yes", {})


def test_only_the_kinds_of_the_case_wait_for_a_person(play) -> None:
    model = xml(
        start(),
        user("ask"),
        node("manualTask", "carry"),
        node("task", "think"),
        end(),
        flows=["start ask", "ask carry", "carry think", "think end"],
    )
    case = play(model, work_item_kinds=["manualTask"])
    case.start("p", {})
    assert case.waiting() == ["carry"]
    case.complete("carry", {})
    assert case.ended()


def test_scripts_of_the_case_read_and_write_variables(play) -> None:
    def add(text, get, put, now=None):
        put("n", get("n") + int(text.removeprefix("n += ")))

    model = xml(
        start(),
        script("one", "n += 1"),
        script("two", "n += 2"),
        xor("enough", default="enough-more"),
        end(),
        user("more"),
        flows=["start one", "one two", "two enough", "enough end: n == 5", "enough more", "more end"],
    )
    case = play(model, script=add, expressions={"n == 5": "n == 5"})
    case.start("p", {"n": 2})
    assert case.ended()


def test_scripts_that_take_time_run_beside_each_other(play) -> None:
    begun = []

    def wait(text, get, put, now):
        begun.append((text, now()))
        return 10

    model = xml(
        start(),
        par("fork"),
        script("a", "a"),
        script("b", "b"),
        par("join"),
        user("after"),
        end(),
        flows=["start fork", "fork a", "fork b", "a join", "b join", "join after", "after end"],
    )
    case = play(model, script=wait)
    case.start("p", {})
    assert begun == [("a", 0), ("b", 0)]
    case.advance(9)
    assert case.waiting() == []
    case.advance(1)
    assert case.waiting() == ["after"]


def test_a_script_that_breaks_is_an_incident_that_is_told_once(play) -> None:
    def break_down(text, get, put, now=None):
        raise ZeroDivisionError("by zero")

    case = play(xml(start(), script("a", "a"), end(), flows=["start a", "a end"]), script=break_down)
    with pytest.raises(EngineError, match="by zero"):
        case.start("p", {})
    case.advance(5)
    assert not case.ended()


def test_a_timer_fires_by_hand_or_when_its_time_comes(play) -> None:
    model = xml(
        start(),
        user("ask"),
        boundary_timer("late", "ask", "PT2H"),
        catch_timer("pause", "PT1H"),
        user("remind"),
        end(),
        flows=["start ask", "ask end", "late pause", "pause remind", "remind end"],
    )
    case = play(model)
    case.start("p", {})
    assert not case.fire_timer("pause")
    assert case.fire_timer("late")
    assert not case.fire_timer("late")
    case.advance(3599)
    assert case.waiting() == []
    case.advance(1)
    assert case.waiting() == ["remind"]


def test_a_cycle_fires_at_each_of_its_moments(play) -> None:
    ring = boundary_timer("ring", "ask", "R/PT10M", "timeCycle", interrupting=False)
    model = xml(
        start(),
        user("ask"),
        ring,
        user("wake"),
        end(),
        flows=["start ask", "ask end", "ring wake", "wake end"],
    )
    case = play(model)
    case.start("p", {})
    case.advance(30 * 60)
    assert sorted(case.waiting()) == ["ask", "wake", "wake", "wake"]
    assert len(case.flows_taken()) == 4


def test_a_message_starts_a_process_and_tells_whether_it_was_taken(play) -> None:
    case = play(ORDERED)
    assert not case.message("invoice")
    assert case.message("order")
    assert case.waiting() == ["pack"]
    assert not case.signal("order")


def test_a_timer_starts_a_process_by_hand_or_when_its_time_comes(play) -> None:
    daily = "<timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition>"
    case = play(xml(node("startEvent", "start", daily), user("a"), end(), flows=["start a", "a end"]))
    assert case.fire_timer("start")
    assert case.waiting() == ["a"]
    case.advance(24 * 3600)
    assert case.waiting() == ["a", "a"]


def test_what_one_instance_throws_reaches_another_one(play) -> None:
    thrown = '<signalEventDefinition signalRef="s"/>'
    model = xml(
        start(),
        node("intermediateThrowEvent", "throw", thrown),
        end(),
        flows=["start throw", "throw end"],
        roots='<signal id="s" name="go"/>'
        + node(
            "process",
            "q",
            node("startEvent", "begin", thrown)
            + user("react")
            + end("stop")
            + node("sequenceFlow", "f", sourceRef="begin", targetRef="react")
            + node("sequenceFlow", "g", sourceRef="react", targetRef="stop"),
        ),
    )
    case = play(model)
    case.start("p", {})
    assert case.waiting() == ["react"]


def test_variables_are_set_on_the_only_instance(play) -> None:
    model = xml(
        start(),
        user("ask"),
        xor("which", default="which-no"),
        user("yes"),
        user("no"),
        end(),
        flows=["start ask", "ask which", "which yes: ok", "which no", "yes end", "no end"],
    )
    case = play(model, expressions={"ok": "ok"})
    case.start("p", {"ok": False})
    case.set_variables({"ok": True})
    case.complete("ask", {})
    assert case.waiting() == ["yes"]


def test_a_model_with_problems_is_refused_with_all_of_them(play) -> None:
    with pytest.raises(Refused, match=r"boundary_incoming.*flow_target"):
        play(xml(start(), user("a"), boundary_timer("b", "a", "PT1H"), flows=["start a", "a b", "a nowhere"]))


def test_what_is_no_xml_is_refused_by_the_portal_itself(play) -> None:
    with pytest.raises(Refused, match="not_xml"):
        play(b"<definitions>")


def test_each_case_begins_without_the_rows_of_the_one_before(play) -> None:
    play(CHOICE).start("p", {})
    case = play(CHOICE)
    assert case.waiting() == []
    assert case.ended()


def test_flows_are_told_in_the_order_in_which_tokens_took_them(play) -> None:
    case = play(CHOICE, expressions={"${way == 'right'}": "way == 'right'"})
    case.start("p", {"way": "right"})
    case.complete("yes", {})
    assert case.flows_taken() == ["start-which", "which-yes", "yes-end"]


def test_a_simulation_waits_and_goes_where_the_case_says(play) -> None:
    choose: dict[str, list[str]] = {}
    wait_at: set[str] = set()
    model = xml(
        start(),
        node("task", "a"),
        xor("g"),
        user("b"),
        end(),
        flows=["start a", "a g", "g b", "g end", "b end"],
    )
    case = play(model, work_item_kinds=[], choose=choose, wait_at=wait_at)
    case.trigger("start")
    assert case.flows_taken() == ["start-a", "a-g", "g-b", "b-end"]
    wait_at.add("a")
    case.trigger("start")
    assert case.flows_taken()[4:] == ["start-a"]
    choose["g"] = ["g-end"]
    case.trigger("a")
    assert case.flows_taken()[5:] == ["a-g", "g-end"]
    with pytest.raises(EngineError, match="Nothing waits"):
        case.trigger("a")


def test_a_simulation_begins_by_hand_at_a_condition(play) -> None:
    condition = "<conditionalEventDefinition/>"
    model = xml(node("startEvent", "begin", condition), end(), flows=["begin end"])
    case = play(model, work_item_kinds=[], choose={}, wait_at=set())
    case.trigger("begin")
    assert case.flows_taken() == ["begin-end"]
    assert case.ended()


@pytest.mark.parametrize(("caught", "uncaught"), [("E1", []), ("E2", ["E1"])])
def test_errors_of_scripts_are_thrown_in_the_diagram(play, caught: str, uncaught: list[str]) -> None:
    def throw(text, get, put, now=None):
        raise BpmnErrorCode("E1")

    definition = '<errorEventDefinition errorRef="e"/>'
    model = xml(
        start(),
        script("a", "a"),
        node("boundaryEvent", "b", definition, attachedToRef="a"),
        user("mend"),
        end(),
        flows=["start a", "a end", "b mend", "mend end"],
        roots=f'<error id="e" errorCode="{caught}"/>',
    )
    case = play(model, script=throw)
    case.start("p", {})
    assert case.uncaught_errors() == uncaught
    assert case.waiting() == ([] if uncaught else ["mend"])


def test_a_receive_task_is_completed_by_what_it_waits_for(play) -> None:
    model = xml(
        start(), node("receiveTask", "wait"), user("b"), end(), flows=["start wait", "wait b", "b end"]
    )
    case = play(model)
    case.start("p", {})
    assert case.waiting() == ["wait"]
    case.complete("wait", {})
    assert case.waiting() == ["b"]
