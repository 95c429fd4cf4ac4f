"""Variables in nested scopes, copied only when they are written."""

from collections import ChainMap
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, cast

from processes.engine.effects import Write
from processes.engine.state import State, Step

_UNSET = object()


class Variables:
    """Reads and writes the variables of the instance and of its open sub-processes.

    The dictionaries of the caller are never written to.
    """

    def __init__(self, state: State, steps: Mapping[int, Step]) -> None:
        self._steps = steps
        self._context = state.context
        self._instance = state.variables
        self._owned: set[int | None] = set()
        self.changes: dict[tuple[int | None, int | None], Write] = {}  # by writing step and owning scope
        self.writes = 0  # counts, so that conditions are asked again only when something may have changed

    @property
    def changed(self) -> dict[str, Any] | None:
        """The variables of the instance if any of them was written, else None."""
        return self._instance if None in self._owned else None

    def chain(self, scope_id: int | None) -> Iterator[Step]:
        """The open sub-processes from the innermost outwards."""
        while scope_id is not None:
            scope = self._steps[scope_id]
            yield scope
            scope_id = scope.scope_id

    def seen_from(self, scope_id: int | None, given: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """What an expression in that scope sees: the extras of the caller, `given`, then the nearest variable."""
        inner = [scope.variables for scope in self.chain(scope_id) if scope.variables]
        # ChainMap only ever writes to its first mapping, and nobody writes to this one.
        context = cast(MutableMapping[str, Any], self._context)
        return ChainMap(context, *([dict(given)] if given else []), *inner, self._instance)

    def own(self, scope_id: int | None) -> dict[str, Any]:
        """The variables that an expression in that scope sees, without the extras of the caller."""
        merged = dict(self._instance)
        for scope in reversed(list(self.chain(scope_id))):
            merged.update(scope.variables)
        return merged

    def write(
        self, scope_id: int | None, values: Mapping[str, Any], *, step_id: int | None = None
    ) -> set[int]:
        """Set each value in the nearest scope that has the variable, else in the instance, on account of a step.

        Returns the ids of the sub-process steps whose variables changed.
        """
        written: set[int] = set()
        self.writes += 1
        for name, value in values.items():
            owner = next((scope for scope in self.chain(scope_id) if name in scope.variables), None)
            self._note(step_id, owner, name, value)
            if owner is None:
                self._own_instance()[name] = value
            else:
                if owner.id not in self._owned:
                    owner.variables = dict(owner.variables)
                    self._owned.add(owner.id)
                owner.variables[name] = value
                written.add(owner.id)
        return written

    def _note(self, step_id: int | None, owner: Step | None, name: str, value: Any) -> None:
        old = (self._instance if owner is None else owner.variables).get(name, _UNSET)
        if isinstance(old, bool) is not isinstance(value, bool) or old != value:  # in Python True == 1
            place = step_id, None if owner is None else owner.id
            self.changes.setdefault(place, Write(*place)).values[name] = value

    def set_own(self, scope: Step, name: str, value: Any) -> None:
        """Set a variable of that scope itself, which no condition is asked about."""
        if scope.id not in self._owned:
            scope.variables = dict(scope.variables)
            self._owned.add(scope.id)
        scope.variables[name] = value

    def _own_instance(self) -> dict[str, Any]:
        if None not in self._owned:
            self._instance = dict(self._instance)
            self._owned.add(None)
        return self._instance
