"""Ad-hoc sub-processes: activities in no order, or in one that people choose (BPMN 2.0.2, 13.3.5)."""

from typing import Any

import pytest

from processes.engine.errors import NotPossible
from processes.engine.model import Definition
from tests.engine.drawing import Flows, boundary_timer, draw, end, node, start, sub, user
from tests.engine.game import Game
from tests.engine.repeating import multi
from tests.engine.scenarios import Scenario, play_both_ways


def ad_hoc(*inside: str, until: str = "", flows: Flows = (), **attributes: Any) -> str:
    said = f"<completionCondition>{until}</completionCondition>" if until else ""
    drawn = sub("s", *inside, said, flows=flows, **attributes)
    return drawn.replace("<subProcess", "<adHocSubProcess").replace("</subProcess>", "</adHocSubProcess>")


def alone(drawn: str, *beside: str, flows: tuple[str, ...] = ()) -> Definition:
    return draw(start(), drawn, user("z"), *beside, flows=["start s", "s z", *flows])


ABC = (user("a"), user("b"), user("c"))
BY_HAND = {"portal_begin": "by-hand"}
SCENARIOS = [
    Scenario(
        "everything begins at once and has to be done",
        alone(ad_hoc(*ABC)),
        [
            ("start", "a b c s"),
            ("complete b", "a c s"),
            ("complete a", "c s"),
            ("complete c", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "one after the other in the order of the document",
        alone(ad_hoc(*ABC, ordering="Sequential")),
        [
            ("start", "a s"),
            ("complete a", "b s"),
            ("complete b", "c s"),
            ("complete c", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "the completion condition ends it and cancels the rest",
        alone(ad_hoc(*ABC, until="enough")),
        [
            ("start", "a b c s"),
            (["complete b", {"enough": False}], "a c s"),
            (["complete a", {"enough": True}], "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "the rest may be left to finish",
        alone(ad_hoc(*ABC, until="enough", cancelRemainingInstances="false", ordering="Parallel")),
        [
            ("start", "a b c s"),
            (["complete b", {"enough": True}], "a c s"),
            (["complete a", {"enough": False}], "c s"),
            ("complete c", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "the completion condition stops a sequence",
        alone(ad_hoc(*ABC, until="enough", ordering="Sequential")),
        [("start", "a s"), (["complete a", {"enough": True}], "z"), ("complete z", "")],
    ),
    Scenario(
        "what follows an activity inside follows it",
        alone(ad_hoc(*ABC, flows=["a b"])),
        [
            ("start", "a c s"),
            ("complete a", "b c s"),
            ("complete b", "c s"),
            ("complete c", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "it ends when variables from elsewhere fulfil the condition",
        alone(ad_hoc(*ABC, until="enough")),
        [
            (["start", {"enough": False}], "a b c s"),
            ("complete a", "b c s"),
            (["set", {"enough": True}], "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "a condition that holds from the beginning waits for the first that is done",
        alone(ad_hoc(*ABC, until="enough")),
        [
            (["start", {"enough": True}], "a b c s"),
            (["set", {"other": 1}], "a b c s"),
            ("complete a", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "one begun by hand ends by itself when nothing is wanted any more",
        alone(ad_hoc(*ABC, until="enough", cancelRemainingInstances="false", **BY_HAND)),
        [
            (["start", {"enough": False}], "s"),
            ("begin s a", "a s"),
            (["set", {"enough": True}], "a s"),
            ("complete a", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "so does one in which nothing has been begun",
        alone(ad_hoc(*ABC, until="enough", **BY_HAND)),
        [(["start", {"enough": False}], "s"), (["set", {"enough": True}], "z"), ("complete z", "")],
    ),
    Scenario("an empty one passes", alone(ad_hoc()), [("start", "z"), ("complete z", "")]),
    Scenario(
        "somebody begins what is needed, as often as wanted",
        alone(ad_hoc(*ABC, until="enough", **BY_HAND)),
        [
            ("start", "s"),
            ("begin s b", "b s"),
            ("begin s b", "b b s"),
            (["complete b", {"enough": False}], "b s"),
            ("complete b", "s"),
            ("begin s a", "a s"),
            (["complete a", {"enough": True}], "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "without a condition it stays open until it is skipped",
        alone(ad_hoc(*ABC, **BY_HAND)),
        [
            ("start", "s"),
            ("begin s a", "a s"),
            ("complete a", "s"),
            ("skip s", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "where nothing is left and the condition does not hold, something more may be begun",
        alone(ad_hoc(user("a"), until="enough")),
        [
            ("start", "a s"),
            ("complete a", "s"),
            ("begin s a", "a s"),
            (["complete a", {"enough": True}], "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "boundary events end it even when it is empty",
        alone(ad_hoc(*ABC, **BY_HAND), boundary_timer("t", "s", "PT1H"), end(), flows=("t end",)),
        [("start", "s t"), ("fire t", "")],
    ),
    Scenario(
        "a completion condition that fails is an incident, and is asked again",
        alone(ad_hoc(user("a"), until="sum(for i in 1..limit return i) &gt; 0")),
        [
            (["start", {"limit": 100000000}], "a s"),
            ("complete a", "s!"),
            (["set", {"limit": 1}], "s!"),
            ("retry s", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "an activity inside that is done several times counts when all are",
        alone(ad_hoc(user("a", multi(number=2)), user("b"), until="true")),
        [("start", "a a a* b s"), ("complete a", "a a* b s"), ("complete a", "z"), ("complete z", "")],
    ),
    Scenario(
        "it may itself be done several times",
        alone(ad_hoc(multi(number=2), *ABC, until="true")),
        [
            ("start", "a a b b c c s s s*"),
            ("complete a", "a b c s s*"),
            ("complete b", "z"),
            ("complete z", ""),
        ],
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)


def refused(game: Game, element_id: str, inner_id: str) -> str:
    with pytest.raises(NotPossible) as refusal:
        game.begin(element_id, inner_id)
    return refusal.value.code


def test_only_what_begins_an_ad_hoc_sub_process_is_begun_in_it() -> None:
    game = Game(alone(ad_hoc(*ABC, flows=["a b"], **BY_HAND)))
    game.start()
    assert refused(game, "s", "b") == "not_in_ad_hoc"
    assert refused(game, "s", "z") == "not_in_ad_hoc"
    game.skip("s")
    assert refused(game, "z", "a") == "step_not_waiting"


def test_a_sequence_takes_one_at_a_time() -> None:
    game = Game(alone(ad_hoc(*ABC, ordering="Sequential", **BY_HAND)))
    game.start()
    game.begin("s", "c")
    assert refused(game, "s", "a") == "ad_hoc_busy"


def test_nothing_is_begun_in_what_is_about_to_end() -> None:
    game = Game(alone(ad_hoc(*ABC, until="true", cancelRemainingInstances="false")))
    game.start()
    game.complete("a")
    assert refused(game, "s", "a") == "ad_hoc_busy"


def test_nothing_is_begun_in_a_common_sub_process() -> None:
    game = Game(draw(start(), node("subProcess", "s", user("a")), flows=["start s"]))
    game.start()
    assert refused(game, "s", "a") == "step_not_waiting"
