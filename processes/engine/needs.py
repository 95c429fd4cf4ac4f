"""What a command needs to know of an instance beyond the neighbourhood of its step."""

from dataclasses import dataclass

from processes.engine.state import WaitsOn


@dataclass(frozen=True, slots=True)
class Inside:
    """Every live step inside a scope, however deep."""

    scope_id: int | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Every live step that stands right in a scope."""

    scope_id: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Every live step of the instance that waits on that, with its neighbourhood.

    A signal, a condition or tokens; of those that wait for what is inside them only ad-hoc sub-processes.
    """

    waits_on: WaitsOn
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every token that waits at a join in a scope."""

    element_id: str
    scope_id: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Some live step of one of these elements right in a scope, if there is any; subscriptions of events are none.

    Another one than `besides`: those are known, and have left by now.
    """

    scope_id: int | None
    element_ids: frozenset[str]
    besides: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the instances of a multi-instance activity have given so far, by their numbers."""

    body_id: int


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the collection of a sequential multi-instance activity, by its number (1 is the first)."""

    body_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Undoable:
    """What was completed in a scope before the `before`th and is not undone, the last `number` of it.

    Of one element, unless that is "". With all that can be undone inside of these, however deep.
    """

    scope_id: int | None
    element_id: str
    before: int
    number: int


Need = Inside | Beside | Waiting | Tokens | Standing | Outputs | Item | Undoable


class Lacking(Exception):
    """The state leaves out something that matters here: give it, too, and execute the command again."""

    def __init__(self, need: Need) -> None:
        super().__init__(str(need))
        self.need = need
