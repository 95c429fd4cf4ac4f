"""What was completed in one instance and can be undone, the last first, without a look at all of it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from processes.engine.needs import Lacking, Undoable
from processes.engine.state import State, Step

#: Where the settings of a completed step say when that was: 1, 2, ... Dates would not tell steps of one turn apart.
COMPLETED_AS = "completedAs"
#: How many more steps are asked for whenever those that are known are used up: by one, ten, a hundred.
_MORE = 10


def completed_as(step: Step) -> int:
    """The place of a completed step in the order of completion."""
    return int(step.settings[COMPLETED_AS])


class Undoing:
    """Finds what is to be undone next, in what this turn has completed and in what the state tells.

    Whoever undoes goes backwards, so that what comes after its place is never looked at again.
    """

    def __init__(self, state: State) -> None:
        #: How many steps that can be undone were completed so far.
        self.completions = state.completions
        self._told: dict[Undoable, list[Step]] = {}
        self._inside: dict[int | None, list[Step]] = {}  # all of what is in a scope that was told of
        self._new: dict[int | None, list[Step]] = defaultdict(list)
        self._undone: set[int] = set()
        self._asked: dict[tuple[int, int | None, str], int] = {}
        for need, steps in state.undoable.items():
            if isinstance(need, Undoable):
                self._take(need, steps)

    def remember(self, step: Step) -> None:
        """Keep a completed step in mind, and its place in the order of completion."""
        self.completions += 1
        step.settings = {**step.settings, COMPLETED_AS: self.completions}
        self._new[step.scope_id].append(step)

    def note(self, step_id: int) -> None:
        """This step is undone, or about to be."""
        self._undone.add(step_id)

    def last(self, runner: Step, scope_id: int | None, element_id: str, before: int) -> Step | None:
        """The last step in a scope that was completed before that and is not undone, for one who undoes.

        Of one element, unless that is "". Raises Lacking.
        """
        found = [
            self._last_of(self._new[scope_id], element_id, before),
            self._last_told(runner, scope_id, element_id, before),
        ]
        return max((step for step in found if step is not None), key=completed_as, default=None)

    def _last_told(self, runner: Step, scope_id: int | None, element_id: str, before: int) -> Step | None:
        if scope_id in self._inside:
            return self._last_of(self._inside[scope_id], element_id, before)
        if scope_id is not None and scope_id < 0:
            return None  # it has begun in this turn
        first_before = self._asked.setdefault((runner.id, scope_id, element_id), before)
        number = 1
        while (need := Undoable(scope_id, element_id, first_before, number)) in self._told:
            found = self._last_of(self._told[need], element_id, before)
            if found is not None or len(self._told[need]) < number:
                return found
            number *= _MORE
        raise Lacking(need)

    def _last_of(self, steps: Sequence[Step], element_id: str, before: int) -> Step | None:
        place = bisect_left(steps, before, key=completed_as)
        while place > 0:
            place -= 1
            step = steps[place]
            if step.id not in self._undone and element_id in ("", step.element_id):
                return step
        return None

    def _take(self, need: Undoable, steps: Sequence[Step]) -> None:
        inside: dict[int | None, list[Step]] = {step.id: [] for step in steps}
        right_here: list[Step] = []
        for step in sorted(steps, key=completed_as):
            inside.get(step.scope_id, right_here).append(step)
        self._told[need] = right_here
        self._inside |= inside
