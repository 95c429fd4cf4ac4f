"""Which variables expressions see and where answers are written; settings evaluated from them."""

from processes.engine.state import WaitsOn
from tests.engine.drawing import boundary_timer, draw, end, extended, script, start, sub, user
from tests.engine.game import Game

ONE_TASK = draw(start(), user("a"), end(), flows=["start a", "a end"])


def test_a_variable_is_written_to_the_nearest_scope_that_has_it() -> None:
    game = Game(draw(start(), sub("s", sub("t", user("a"))), user("b"), flows=["start s", "s b"]))
    game.start(seen="outside", other=1)
    game.find("s").variables = {"seen": "inside"}
    game.complete("a", "yes", seen="new", other=2)
    assert game.state.variables == {"seen": "outside", "other": 2, "a": "yes"}
    (scope,) = [step for step in game.last.closed if step.element_id == "s"]
    assert scope.variables == {"seen": "new"}


def test_who_changed_which_variable_is_told_and_what_stayed_is_not() -> None:
    game = Game(draw(start(), sub("s", user("a"), script("c", "{got: 1}"), flows=["a c"]), flows=["start s"]))
    game.start(seen="outside", other=1)
    assert [(w.step_id, w.scope_id, w.values) for w in game.last.writes] == [
        (None, None, {"seen": "outside", "other": 1})
    ]
    scope, asked = game.find("s"), game.find("a")
    scope.variables = {"seen": "inside"}
    game.complete("a", seen="new", other=1, flag=True)
    mine, outer, by_script = game.last.writes
    assert (mine.step_id, mine.scope_id, mine.values) == (asked.id, None, {"a": None, "flag": True})
    assert (outer.step_id, outer.scope_id, outer.values) == (asked.id, scope.id, {"seen": "new"})
    assert by_script.values == {"got": 1}


def test_a_changed_variable_of_an_open_scope_is_reported() -> None:
    game = Game(draw(start(), sub("s", user("a"), user("b")), flows=["start s"]))
    game.start()
    mine = game.find("s").variables = {"x": 1}
    outcome = game.complete("a", x=2)
    assert [(step.element_id, step.variables) for step in outcome.changed] == [("s", {"x": 2})]
    assert mine == {"x": 1}


def test_expressions_see_inner_variables_before_outer_ones_and_facts_before_all() -> None:
    game = Game(
        draw(
            start(), sub("s", user("a"), script("c", "{got: [x, y, who]}"), flows=["a c"]), flows=["start s"]
        ),
        context={"who": "anna"},
    )
    game.start(x=1, y=2, who="forged")
    game.find("s").variables = {"x": 10}
    game.complete("a")
    assert game.state.variables["got"] == [10, 2, "anna"]


def test_the_answer_wins_over_a_variable_of_the_same_name() -> None:
    game = Game(ONE_TASK)
    game.start()
    game.complete("a", "yes", a="no")
    assert game.state.variables == {"a": "yes"}


def test_an_answer_without_result_leaves_null() -> None:
    game = Game(ONE_TASK)
    game.start()
    game.complete("a")
    assert game.state.variables == {"a": None}


def test_settings_are_evaluated_when_the_step_opens() -> None:
    definition = draw(
        start(),
        user(
            "a",
            "<extensionElements>"
            '<portal:option code="y" label="=&quot;Pay &quot; + who"/>'
            '<portal:option code="n" label="No" default="true"/>'
            "</extensionElements>",
            portal_kind="user-question",
            portal_assignee="=starter",
            portal_recommendation="Ask",
        ),
        flows=["start a"],
    )
    game = Game(definition, context={"starter": "anna"})
    game.start(who="Boris")
    step = game.find("a")
    assert step.kind == "user-question"
    assert step.settings == {
        "assignee": "anna",
        "recommendation": "Ask",
        "option": [{"code": "y", "label": "Pay Boris"}, {"code": "n", "label": "No", "default": "true"}],
    }


def test_a_setting_that_asks_for_too_much_fails_the_step_with_a_sentence() -> None:
    definition = draw(
        start(),
        user("a", portal_assignee="=for i in 1..1000000000 return i"),
        boundary_timer("t", "a", "PT1H"),
        end(),
        flows=["start a", "t end"],
    )
    game = Game(definition)
    game.start()
    assert game.waiting() == "a!"  # no subscription without a host that waits
    step = game.find("a")
    assert step.error.startswith("“assignee” of “a”: ")
    assert (step.waits_on, step.kind) == (WaitsOn.NOTHING, "perform-task")


def test_a_child_says_more_than_an_attribute_of_its_name() -> None:
    inside = extended('<portal:record code="x"/>')
    game = Game(draw(start(), user("a", inside, portal_record="7"), flows=["start a"]))
    game.start()
    assert game.find("a").settings == {"record": [{"code": "x"}]}


def test_an_answer_that_could_not_be_carried_out_is_retried_as_it_was() -> None:
    game = Game(
        draw(
            start(),
            user("a", portal_hint="=word"),
            boundary_timer("t", "a", "PT1H", interrupting=False),
            end(),
            flows=["start a", "a end", "t end"],
        )
    )
    game.start(word="before")
    game.fire("t")
    game.state.variables["word"] = "after"
    game.find("a").topic = "send"
    game.fail("a", "No connection.")
    game.retry("a")
    assert game.waiting() == "a"  # the reminder that has fired does not come back
    assert (game.find("a").settings, game.find("a").topic) == ({"hint": "before"}, "send")
    game.complete("a")
    assert game.ended_at is not None


def test_conditions_about_a_record_to_come_are_kept_as_text() -> None:
    definition = draw(
        start(),
        user(
            "a",
            '<extensionElements><portal:completeWhen>status = "won"</portal:completeWhen></extensionElements>',
        ),
        flows=["start a"],
    )
    game = Game(definition)
    game.start()
    assert game.find("a").settings == {"completeWhen": [{"text": '=status = "won"'}]}
    assert definition.elements["a"].extras[0].attributes["text"].evaluate({"status": "won"}) is True
