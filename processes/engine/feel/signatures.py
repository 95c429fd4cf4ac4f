"""How built-in functions declare their parameters, and how arguments find them (DMN 1.5, 10.3.2 and 10.3.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from .runtime import Run
from .values import Function, Range, YearsMonths, describe_kind

Body = Callable[..., Any]
SomeBody = TypeVar("SomeBody", bound=Body)
_KINDS: dict[str, type] = {
    "boolean": bool,
    "number": Decimal,
    "string": str,
    "date": date,
    "datetime": datetime,
    "time": time,
    "days": timedelta,
    "months": YearsMonths,
    "list": list,
    "context": dict,
    "range": Range,
    "function": Function,
}
UNFIT: Any = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: the kinds it takes (None: any value, null too), and whether it may be left out."""

    name: str
    kinds: frozenset[type] | None
    optional: bool

    def fit(self, value: Any) -> Any:
        """`value` as this parameter takes it, UNFIT if it does not: one item and a list of one are the same."""
        if self.kinds is None or type(value) in self.kinds:
            return value
        if value is None and self.optional:
            return None
        if list in self.kinds:
            return UNFIT if value is None else [value]
        if type(value) is list and len(value) == 1 and type(value[0]) in self.kinds:
            return value[0]
        return UNFIT


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in: `body(run, *values)`, with None for what was left out.

    A variadic signature gathers all its arguments into one list.
    """

    name: str
    parameters: tuple[Parameter, ...]
    variadic: bool
    body: Body

    def order(self, count: int, names: Sequence[str] | None) -> tuple[int, ...] | None:
        """For each parameter the index of its argument, -1 for none; None if the arguments do not suit."""
        if names is None:
            required = sum(not parameter.optional for parameter in self.parameters)
            if self.variadic:
                return tuple(range(count)) if count >= required else None
            if not required <= count <= len(self.parameters):
                return None
            return tuple(n if n < count else -1 for n in range(len(self.parameters)))
        known = [parameter.name for parameter in self.parameters]
        if self.variadic or not set(names) <= set(known):
            return None
        order = tuple(names.index(name) if name in names else -1 for name in known)
        missing = any(n < 0 and not p.optional for n, p in zip(order, self.parameters, strict=True))
        return None if missing else order

    def fitted(self, arguments: list[Any], order: tuple[int, ...]) -> list[Any] | Parameter:
        """The arguments in the order of the parameters, or the parameter that one of them does not fit."""
        if self.variadic:
            fixed = len(self.parameters) - 1
            rest = self.parameters[-1]
            values = [self.parameters[min(n, fixed)].fit(value) for n, value in enumerate(arguments)]
            for n, value in enumerate(values):
                if value is UNFIT:
                    return self.parameters[n] if n < fixed else rest
            return [*values[:fixed], values[fixed:]]
        values = []
        for parameter, index in zip(self.parameters, order, strict=True):
            value = parameter.fit(arguments[index]) if index >= 0 else None
            if value is UNFIT:
                return parameter
            values.append(value)
        return values


class Family:
    """The built-ins of one module."""

    def __init__(self) -> None:
        self.signatures: list[Signature] = []

    def define(self, name: str, parameters: str) -> Callable[[SomeBody], SomeBody]:
        """Register a body under `name`: "string: string, start position: number, length: number?".

        `?` marks what may be left out, `|` joins kinds, `any` takes everything, and `*` after the last one
        gathers the rest into a list.
        """
        read = tuple(_parameter(text.strip()) for text in parameters.split(",") if text.strip())
        variadic = parameters.endswith("*")

        def register(body: SomeBody) -> SomeBody:
            self.signatures.append(Signature(name, read, variadic, body))
            return body

        return register

    def define_for_list(self, name: str) -> Callable[[SomeBody], SomeBody]:
        """Register a body that takes one list, given as a list or as separate arguments."""

        def register(body: SomeBody) -> SomeBody:
            self.define(name, "list: list")(body)
            self.define(name, "first: any, second: any, rest: any*")(_gathered(body))
            return body

        return register


def _gathered(body: Body) -> Body:
    return lambda run, first, second, rest: body(run, [first, second, *rest])


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.partition(": ")
    kinds = kinds.rstrip("*")
    optional = kinds.endswith("?") or text.endswith("*")
    names = kinds.rstrip("?").split("|")
    return Parameter(name, None if names == ["any"] else frozenset(_KINDS[kind] for kind in names), optional)


def invoke(
    run: Run, name: str, suitable: Sequence[tuple[Signature, tuple[int, ...]]], arguments: list[Any]
) -> Any:
    """Call the first suitable signature that the arguments fit; null with a note if there is none."""
    unfit: Parameter | None = None
    index = 0
    for signature, order in suitable:
        values = signature.fitted(arguments, order)
        if not isinstance(values, Parameter):
            run.spend(1)
            try:
                return signature.body(run, *values)
            except (OverflowError, ValueError):
                run.note(f"The result of {name}() lies outside of what its type can hold.")
                return None
        if unfit is None:
            unfit = values
            place = signature.parameters.index(unfit)
            index = place if signature.variadic else order[place]
    if unfit is not None:
        given = describe_kind(arguments[index]) if 0 <= index < len(arguments) else "nothing"
        run.note(f"{name}() cannot take {given} as '{unfit.name}'.")
    return None
