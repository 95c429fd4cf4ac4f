"""Random diagrams of everything that the engine runs: events, scopes and repetitions of all kinds, and failures."""

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from processes.engine.effects import (
    Begin,
    Command,
    Complete,
    Deliver,
    Escalate,
    Fail,
    FireTimer,
    Retry,
    Return,
    SetVariables,
    Skip,
    Throw,
)
from processes.engine.model import GATEWAYS, Definition
from processes.engine.state import Status, Step, WaitsOn
from processes.engine.step_types import IMPLICIT_SPLIT
from tests.engine import blocks
from tests.engine.blocks import Builder
from tests.engine.drawing import (
    association,
    boundary,
    catch,
    conditional,
    draw_source,
    end,
    event_sub,
    node,
    par,
    script,
    start,
    sub,
    throw,
    timer,
    user,
    xml,
    xor,
)
from tests.engine.game import Game

ROOTS = blocks.ROOTS + (
    '<signal id="alarm" name="alarm"/><escalation id="up" escalationCode="U"/>'
    '<escalation id="odd" escalationCode="O"/>'
)
#: What an event waits for.
AWAITED = {
    "message": '<messageEventDefinition messageRef="hello"/>',
    "signal": '<signalEventDefinition signalRef="alarm"/>',
    "timer": timer("timeDuration", "PT2H"),
    "condition": conditional("go"),
}
UP, OTHER = ('<escalationEventDefinition escalationRef="%s"/>' % name for name in ("up", "odd"))  # noqa: UP031
BROKE = "This installation has no service “post”."
CANCEL, COMPENSATE = "<cancelEventDefinition/>", "<compensateEventDefinition/>"

_events = st.sampled_from(sorted(AWAITED))
LEAVES = st.one_of(
    blocks.LEAVES,
    st.sampled_from(
        ["receive", "call", "shout", "send", "escalate", "link", "unsure", "broken", "doubtful", "begun"]
    ),
    st.sampled_from(["loop_of_one", "crowd", "queue", "gathering", "any_of", "all_of"]),
    st.builds("catch_{}".format, _events),
)


def _blocks(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    one, two = (st.lists(inner, min_size=n, max_size=n) for n in (1, 2))
    return st.one_of(
        st.tuples(st.just("sequence"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(
            st.sampled_from(["parallel", "inclusive", "choice"]), st.lists(inner, min_size=2, max_size=3)
        ),
        st.tuples(st.sampled_from(["many", "loop", "sub", "reminded", "interrupted", "failing"]), one),
        st.tuples(st.sampled_from(["escalating", "told", "cut_off", "retracted"]), one),
        st.tuples(st.sampled_from(["handled", "undone", "race", "two_of_three", "free"]), two),
        st.tuples(st.builds("watched_{}_{}".format, _events, st.sampled_from(["once", "often"])), two),
        st.tuples(st.builds("heard_{}_{}".format, _events, st.sampled_from(["once", "often"])), two),
    )


WILD: st.SearchStrategy[Any] = st.recursive(LEAVES, _blocks, max_leaves=8)
CHOICES = st.lists(st.integers(0, 50), min_size=10, max_size=30)


class WildBuilder(Builder):
    """The blocks of `Builder` and more; no balance is kept of their tokens."""

    def block(self, tree: Any) -> tuple[str, str]:
        if isinstance(tree, str):
            return self._leaf(tree)
        sort, parts = tree
        verb, *arguments = sort.split("_") if sort.startswith(("watched", "heard")) else [sort]
        first, last, _ = getattr(self, f"_{verb}")(parts, *arguments)
        return first, last

    def _leaf(self, sort: str) -> tuple[str, str]:
        if sort not in _LEAF:
            return super()._leaf(sort)
        name = self.name(sort)
        self.add(_LEAF[sort](name))
        if sort == "link":
            self.add(catch(f"{name}-on", f'<linkEventDefinition name="{name}"/>'))
            return name, f"{name}-on"
        if sort == "doubtful":
            for way in (1, 2):
                self.add(node("task", f"{name}-{way}"))
                self.flows.append(f"{name} {name}-{way}: way = {way}")
            self.add(xor(f"{name}-on"))
            self.flows += [f"{name}-1 {name}-on", f"{name}-2 {name}-on"]
            return name, f"{name}-on"
        if sort == "gathering":
            self.add(node("task", f"{name}-both", startQuantity=2))
            self.flows.append(f"{name} {name}-both")
            return name, f"{name}-both"
        return name, name

    def _race(self, parts: list[Any]) -> tuple[str, str, int]:
        gateway, merge = self.name("race"), self.name("merge")
        self.add(node("eventBasedGateway", gateway))
        self.add(xor(merge))
        for number, (sort, event) in enumerate(sorted(AWAITED.items())):
            name = self.name(sort)
            self.add(catch(name, event))
            self.flows.append(f"{gateway} {name}")
            if number < len(parts):
                into, out = self.block(parts[number])
                self.flows += [f"{name} {into}", f"{out} {merge}"]
            else:
                self.flows.append(f"{name} {merge}")
        return gateway, merge, 1

    def _watched(self, parts: list[Any], event: str, often: str) -> tuple[str, str, int]:
        """The first block; the second one follows an event at its border."""
        name, watch, aside = (self.name(prefix) for prefix in ("sub", "watch", "aside"))
        self.add(self._inner(name, parts[:1]))
        self.add(boundary(watch, name, AWAITED[event], interrupting=often == "once"))
        into, out = self.block(parts[1])
        self.add(end(aside))
        self.flows += [f"{watch} {into}", f"{out} {aside}"]
        return name, name, 1

    def _heard(self, parts: list[Any], event: str, often: str) -> tuple[str, str, int]:
        """The first block; the second one in an event sub-process beside it, or in its stead."""
        name = self.name("sub")
        return self._with_handler(name, parts, "", AWAITED[event], interrupting=often == "once")

    def _escalating(self, parts: list[Any]) -> tuple[str, str, int]:
        """An escalation at the end of the block is caught at the border of its sub-process, beside it."""
        name, caught, aside = (self.name(prefix) for prefix in ("sub", "caught", "aside"))
        self.add(self._inner(name, parts, UP))
        self.add(boundary(caught, name, UP, interrupting=False))
        self.add(end(aside))
        self.flows.append(f"{caught} {aside}")
        return name, name, 1

    def _told(self, parts: list[Any]) -> tuple[str, str, int]:
        """The same by an event sub-process that repeats the block."""
        return self._with_handler(self.name("sub"), [*parts, *parts], UP, UP, interrupting=False)

    def _with_handler(
        self, name: str, parts: list[Any], ending: str, event: str, *, interrupting: bool
    ) -> tuple[str, str, int]:
        handler, first, last = (self.name(prefix) for prefix in ("handler", "begin", "finish"))
        inside = self.nested()
        into, out = inside.block(parts[1])
        flows = [f"{first} {into}", *inside.flows, f"{out} {last}"]
        drawn = event_sub(
            handler, event, first, *inside.nodes, end(last), interrupting=interrupting, flows=flows
        )
        self.add(self._inner(name, parts[:1], ending, drawn))
        return name, name, 1

    def _cut_off(self, parts: list[Any]) -> tuple[str, str, int]:
        """A terminate event ends the block in the middle of it."""
        name, first, fork, ask, stop, last = (
            self.name(prefix) for prefix in ("sub", "begin", "fork", "user", "stop", "finish")
        )
        inside = self.nested()
        into, out = inside.block(parts[0])
        inner = [start(first), par(fork), user(ask), end(stop, terminate=True), end(last), *inside.nodes]
        flows = [f"{first} {fork}", f"{fork} {ask}", f"{ask} {stop}", f"{fork} {into}", f"{out} {last}"]
        self.add(sub(name, *inner, flows=[*inside.flows, *flows]))
        return name, name, 1

    def _retracted(self, parts: list[Any]) -> tuple[str, str, int]:
        """A transaction that does a block, can undo it and is cancelled where the way says so."""
        before, name, work, on, undo, which, stop, last, caught, merge = (
            self.name(prefix)
            for prefix in (
                "before", "transaction", "sub", "on", "undo", "which", "cancel", "finish", "cancelled", "merge",
            )
        )  # fmt: skip
        inside, first = self.nested(), self.name("begin")
        inside.add(inside._inner(work, parts))
        inner = [
            start(first), *inside.nodes, boundary(on, work, COMPENSATE), user(undo, isForCompensation="true"),
            association(on, undo), xor(which, default=f"{which}-{last}"), node("endEvent", stop, CANCEL), end(last),
        ]  # fmt: skip
        flows = [f"{first} {work}", f"{work} {which}", f"{which} {stop}: way = 0", f"{which} {last}"]
        drawn = sub(name, *inner, flows=[*inside.flows, *flows])
        self.add(drawn.replace("<subProcess", "<transaction", 1)[: -len("</subProcess>")] + "</transaction>")
        self.add(node("task", before))
        self.add(boundary(caught, name, CANCEL))
        self.add(xor(merge))
        self.flows += [f"{before} {name}", f"{name} {merge}", f"{caught} {merge}"]
        return before, merge, 1

    def _two_of_three(self, parts: list[Any]) -> tuple[str, str, int]:
        split, join, third = self.name("fork"), self.name("complex"), self.name("user")
        self.add(par(split))
        condition = (
            '<activationCondition xsi:type="tFormalExpression">activationCount &gt;= 2</activationCondition>'
        )
        self.add(node("complexGateway", join, condition))
        self.add(user(third))
        for into, out in [*(self.block(part) for part in parts), (third, third)]:
            self.flows += [f"{split} {into}", f"{out} {join}"]
        return split, join, 1

    def _free(self, parts: list[Any]) -> tuple[str, str, int]:
        """Two blocks without an order, until the way says that it is enough."""
        name, inside = self.name("free"), self.nested()
        for part in parts:
            inside.add(inside._inner(inside.name("sub"), [part]))
        condition = '<completionCondition xsi:type="tFormalExpression">way = 1</completionCondition>'
        drawn = sub(name, *inside.nodes, condition, flows=inside.flows, ordering="Sequential")
        self.add(_ad_hoc(drawn))
        return name, name, 1


def _ad_hoc(drawn: str) -> str:
    return drawn.replace("<subProcess", "<adHocSubProcess", 1)[: -len("</subProcess>")] + "</adHocSubProcess>"


def _repeated(sequential: str) -> Callable[[str], str]:
    inside = "<loopCardinality>3</loopCardinality><completionCondition>way = 2</completionCondition>"
    return lambda name: user(
        name, node("multiInstanceLoopCharacteristics", f"{name}-many", inside, isSequential=sequential)
    )


_LEAF: Mapping[str, Callable[[str], str]] = {
    "receive": lambda name: node("receiveTask", name, messageRef="hello"),
    "call": lambda name: node("callActivity", name, calledElement="other"),
    "shout": lambda name: throw(name, AWAITED["signal"]),
    "send": lambda name: throw(name, AWAITED["message"]),
    "escalate": lambda name: throw(name, OTHER),
    "link": lambda name: throw(name, f'<linkEventDefinition name="{name}"/>'),
    "unsure": lambda name: script(name, "missing.name"),
    "broken": lambda name: node("callActivity", name, calledElement="=missing"),
    "doubtful": xor,
    "begun": lambda name: _ad_hoc(sub(name, user(f"{name}-a"), user(f"{name}-b"), portal_begin="by-hand")),
    "loop_of_one": lambda name: user(
        name,
        node(
            "standardLoopCharacteristics",
            f"{name}-loop",
            "<loopCondition>way = 0</loopCondition>",
            loopMaximum=3,
        ),
    ),
    "crowd": _repeated("false"),
    "queue": _repeated("true"),
    "gathering": lambda name: node("task", name, completionQuantity=2),
    "any_of": lambda name: catch(name, AWAITED["message"], AWAITED["timer"], AWAITED["condition"]),
    "all_of": lambda name: catch(name, AWAITED["message"], AWAITED["signal"], parallelMultiple="true"),
    **{f"catch_{sort}": lambda name, event=event: catch(name, event) for sort, event in AWAITED.items()},  # type: ignore[misc]
}


def source(tree: Any) -> bytes:
    """The file of a process that runs the block between its start and its end."""
    builder = WildBuilder()
    into, out = builder.block(tree)
    flows = [f"start {into}", *builder.flows, f"{out} end"]
    return xml(start(), *builder.nodes, end(), flows=flows, roots=ROOTS)


def diagram(tree: Any) -> Definition:
    """The same, compiled."""
    return draw_source(source(tree))


def commands_for(game: Game, step: Step) -> list[Command]:
    """What may happen to a live step; nothing to one that waits for other branches or for what is inside it."""
    if step.status is Status.FAILED:
        return [Retry(step.id), Skip(step.id, _way_out(game, step))]
    if step.waits_on is WaitsOn.CHILDREN:
        return _of_scope(game, step)
    go = {"go": not game.state.variables.get("go", False)}
    possible: dict[WaitsOn, list[Command]] = {
        WaitsOn.PERSON: [Complete(step.id, "yes", {"way": way}) for way in range(3)],
        WaitsOn.WORKER: [
            Complete(step.id),
            Fail(step.id, BROKE),
            Throw(step.id, "W", "no paper"),
        ],
        WaitsOn.TIMER: [FireTimer(step.id)],
        WaitsOn.MESSAGE: [Deliver(step.id, {"said": step.element_id}), Skip(step.id)],
        WaitsOn.SIGNAL: [Deliver(step.id)],
        WaitsOn.CONDITION: [SetVariables(go)],
    }
    return possible.get(step.waits_on, [])


def _of_scope(game: Game, step: Step) -> list[Command]:
    if step.element_type == "callActivity" and not game.is_body(step):
        return [Return(step.id, {"given": 1}), Escalate(step.id, "U"), Throw(step.id, "W")]
    if step.settings.get("begin") == "by-hand":
        begun: list[Command] = [
            Begin(step.id, each.id) for each in game.definition.entries.get(step.element_id, ())
        ]
        return [*begun, Skip(step.id)]
    return []


def _way_out(game: Game, step: Step) -> str | None:
    element = game.definition.elements[step.element_id]
    chooses = element.type in GATEWAYS or step.element_type == IMPLICIT_SPLIT
    return element.outgoing[0] if chooses else None


def play(
    definition: Definition,
    choices: list[int],
    *,
    stored: bool = False,
    near: bool = False,
    after_each: Callable[[Game], None] = lambda game: None,
) -> Game:
    """Start it and do, for each choice, one of the things that may happen then."""
    game = Game(definition, stored=stored, near=near)
    game.start(way=0, go=False)
    after_each(game)
    for choice in choices:
        possible = [command for step in game.live() for command in commands_for(game, step)]
        if not possible:
            break
        command = possible[choice % len(possible)]
        if isinstance(command, FireTimer):
            game.now = max(game.now, game.state.steps[command.step_id].due_at or game.now)
        game.do(command)
        after_each(game)
    return game
