"""Random diagrams of nested blocks: each has one way in and one way out, so that tokens can be counted."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from processes.engine.model import Definition
from tests.engine.drawing import (
    association,
    boundary,
    boundary_timer,
    catch,
    draw,
    end,
    event_sub,
    node,
    par,
    script,
    service,
    start,
    sub,
    throw,
    user,
    xor,
)

ROOTS = '<message id="hello" name="hello"/><error id="wrong" errorCode="W"/>'
ERROR = '<errorEventDefinition errorRef="wrong"/>'

LEAVES = st.sampled_from(["user", "task", "service", "script", "timer", "message"])
BLOCKS: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.just("sequence"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.just("parallel"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("inclusive"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("many"), st.lists(inner, min_size=1, max_size=1)),
        st.tuples(st.just("choice"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("loop"), st.lists(inner, min_size=1, max_size=1)),
        st.tuples(st.just("sub"), st.lists(inner, min_size=1, max_size=1)),
        st.tuples(st.just("reminded"), st.lists(inner, min_size=1, max_size=1)),
        st.tuples(st.just("interrupted"), st.lists(inner, min_size=1, max_size=1)),
        st.tuples(st.just("failing"), st.lists(inner, min_size=1, max_size=1)),
        st.tuples(st.just("handled"), st.lists(inner, min_size=2, max_size=2)),
        st.tuples(st.just("undone"), st.lists(inner, min_size=2, max_size=2)),
    ),
    max_leaves=12,
)


@dataclass
class Builder:
    """Elements and flows of one scope; `balanced` are pairs of elements that every token passes both of,
    with the number of tokens that the second takes for each of the first."""

    parent: "Builder | None" = None
    nodes: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    names: list[int] = field(default_factory=lambda: [0])
    balanced: list[tuple[str, str, int]] = field(default_factory=list)
    loops: list[str] = field(default_factory=list)

    def name(self, prefix: str) -> str:
        self.names[0] += 1
        return f"{prefix}{self.names[0]}"

    def nested(self) -> "Builder":
        """For what stands inside of something here."""
        return type(self)(self, names=self.names, balanced=self.balanced, loops=self.loops)

    def add(self, text: str) -> None:
        self.nodes.append(text)

    def block(self, tree: Any) -> tuple[str, str]:
        """Draw a block; the ids of the elements by which tokens come in and go out."""
        if isinstance(tree, str):
            return self._leaf(tree)
        sort, parts = tree
        first, last, tokens = getattr(self, f"_{sort}")(parts)
        self.balanced.append((first, last, tokens))
        return first, last

    def _leaf(self, sort: str) -> tuple[str, str]:
        name = self.name(sort)
        self.add(
            {
                "user": user(name),
                "task": node("task", name),
                "service": service(name),
                "script": script(name, f'{{{name}: "{name}"}}'),
                "timer": node(
                    "intermediateCatchEvent",
                    name,
                    "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
                ),
                "message": catch(name, '<messageEventDefinition messageRef="hello"/>'),
            }[sort]
        )
        return name, name

    def _sequence(self, parts: list[Any]) -> tuple[str, str, int]:
        drawn = [self.block(part) for part in parts]
        for (_, out), (into, _) in pairwise(drawn):
            self.flows.append(f"{out} {into}")
        return drawn[0][0], drawn[-1][1], 0

    def _parallel(self, parts: list[Any]) -> tuple[str, str, int]:
        fork, join = self.name("fork"), self.name("join")
        self.add(par(fork))
        self.add(par(join))
        for into, out in [self.block(part) for part in parts]:
            self.flows += [f"{fork} {into}", f"{out} {join}"]
        return fork, join, len(parts)

    def _inclusive(self, parts: list[Any]) -> tuple[str, str, int]:
        split, join = self.name("or"), self.name("orjoin")
        self.add(node("inclusiveGateway", split))
        self.add(node("inclusiveGateway", join))
        for into, out in [self.block(part) for part in parts]:
            self.flows += [f"{split} {into}: true", f"{out} {join}"]
        return split, join, len(parts)

    def _many(self, parts: list[Any]) -> tuple[str, str, int]:
        """The block twice, in instances of a sub-process."""
        name = self.name("many")
        marker = node(
            "multiInstanceLoopCharacteristics", f"{name}-twice", "<loopCardinality>2</loopCardinality>"
        )
        self.add(self._inner(name, parts, "", marker))
        return name, name, 1

    def _choice(self, parts: list[Any]) -> tuple[str, str, int]:
        split, merge = self.name("split"), self.name("merge")
        drawn = [self.block(part) for part in parts]
        self.add(xor(split, default=f"{split}-{drawn[-1][0]}"))
        self.add(xor(merge))
        for number, (into, out) in enumerate(drawn):
            condition = "" if number == len(drawn) - 1 else f": way = {number}"
            self.flows += [f"{split} {into}{condition}", f"{out} {merge}"]
        return split, merge, 1

    def _loop(self, parts: list[Any]) -> tuple[str, str, int]:
        enter, again, leave = self.name("enter"), self.name("again"), self.name("leave")
        begin = self.name("begin")
        into, out = self.block(parts[0])
        self.add(script(begin, f"{{{again}: 0}}"))
        self.add(xor(enter))
        self.add(script(again, f"{{{again}: {again} + 1}}"))
        self.add(xor(leave, default=f"{leave}-{leave}out"))
        self.add(node("task", f"{leave}out"))
        self.flows += [
            f"{begin} {enter}",
            f"{enter} {into}",
            f"{out} {again}",
            f"{again} {leave}",
            f"{leave} {enter}: {again} < 2",
            f"{leave} {leave}out",
        ]
        self.loops.append(begin)
        return begin, f"{leave}out", 1

    def _inner(self, name: str, parts: list[Any], ending: str = "", *beside: str, **attributes: Any) -> str:
        """A sub-process with a block, an end event with that definition and something beside."""
        inside = self.nested()
        into, out = inside.block(parts[0])
        first, last = self.name("begin"), self.name("finish")
        return sub(
            name,
            start(first),
            *inside.nodes,
            node("endEvent", last, ending),
            *beside,
            flows=[f"{first} {into}", *inside.flows, f"{out} {last}"],
            **attributes,
        )

    def _sub(self, parts: list[Any]) -> tuple[str, str, int]:
        name = self.name("sub")
        self.add(self._inner(name, parts))
        return name, name, 1

    def _reminded(self, parts: list[Any]) -> tuple[str, str, int]:
        name, reminder, aside = self.name("sub"), self.name("reminder"), self.name("aside")
        self.add(self._inner(name, parts))
        self.add(boundary_timer(reminder, name, "R2/PT1H", "timeCycle", interrupting=False))
        self.add(end(aside))
        self.flows.append(f"{reminder} {aside}")
        return name, name, 1

    def _interrupted(self, parts: list[Any]) -> tuple[str, str, int]:
        before, name, limit, merge = (self.name(prefix) for prefix in ("before", "sub", "limit", "merge"))
        self.add(node("task", before))
        self.add(self._inner(name, parts))
        self.add(boundary_timer(limit, name, "PT1H"))
        self.add(xor(merge))
        self.flows += [f"{before} {name}", f"{name} {merge}", f"{limit} {merge}"]
        return before, merge, 1

    def _failing(self, parts: list[Any]) -> tuple[str, str, int]:
        """The block, then an error that is caught at the border of its sub-process."""
        before, name, caught, merge = (self.name(prefix) for prefix in ("before", "sub", "caught", "merge"))
        self.add(node("task", before))
        self.add(self._inner(name, parts, ERROR))
        self.add(boundary(caught, name, ERROR))
        self.add(xor(merge))
        self.flows += [f"{before} {name}", f"{caught} {merge}"]
        return before, merge, 1

    def _handled(self, parts: list[Any]) -> tuple[str, str, int]:
        """The same with a second block in an event sub-process that catches the error."""
        name, handler, first, last = (self.name(prefix) for prefix in ("sub", "handler", "begin", "finish"))
        inside = self.nested()
        into, out = inside.block(parts[1])
        flows = [f"{first} {into}", *inside.flows, f"{out} {last}"]
        self.add(
            self._inner(
                name,
                parts[:1],
                ERROR,
                event_sub(handler, ERROR, first, *inside.nodes, end(last), flows=flows),
            )
        )
        return name, name, 1

    def _undone(self, parts: list[Any]) -> tuple[str, str, int]:
        """The first block, then a second one in a sub-process that undoes it."""
        name, on, undo, thrower = (self.name(prefix) for prefix in ("sub", "on", "undo", "thrower"))
        self.add(self._inner(name, parts[:1]))
        self.add(boundary(on, name, "<compensateEventDefinition/>"))
        self.add(self._inner(undo, parts[1:], isForCompensation="true"))
        self.add(association(on, undo))
        self.add(throw(thrower, f'<compensateEventDefinition activityRef="{name}"/>'))
        self.flows.append(f"{name} {thrower}")
        self.balanced.append((name, undo, 1))
        return name, thrower, 1


def diagram(tree: Any) -> tuple[Definition, Builder]:
    """A process that runs the block between its start and its end."""
    builder = Builder()
    into, out = builder.block(tree)
    flows = [f"start {into}", *builder.flows, f"{out} end"]
    return draw(start(), *builder.nodes, end(), flows=flows, roots=ROOTS), builder
