"""Function calls and function definitions into closures (DMN 1.5, 10.3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from . import nodes
from .environment import Closure, Environment
from .library import FUNCTIONS, REFUSED, SPECIAL, suitable
from .runtime import MISSING, Run, Scope
from .signatures import invoke
from .values import Function, capital, describe_kind


def call(node: nodes.Call, environment: Environment) -> Closure:
    target = node.target
    if isinstance(target, nodes.Name) and target.name not in environment.bound:
        wanted = target.name
        if wanted in REFUSED:
            raise environment.problem(REFUSED[wanted], node)
        if wanted in SPECIAL:
            return _is_defined(node, environment)
        if wanted in FUNCTIONS:
            return _built_in(node, wanted, environment)
        if not environment.open:
            raise environment.problem(_unknown(wanted), node)
    if isinstance(target, nodes.Path) and _holds_no_function(target, environment):
        raise environment.problem(_method(target.name), node)
    return _dynamic(node, environment)


def _holds_no_function(node: nodes.Node, environment: Environment) -> bool:
    """Whether a path begins where no function can be: in a variable of the outer context, a literal or a list."""
    while isinstance(node, nodes.Path):
        node = node.base
    if isinstance(node, nodes.Name):
        return environment.is_outer(node.name)
    return isinstance(node, (nodes.Literal, nodes.ListOf, nodes.RangeOf))


def _method(wanted: str) -> str:
    hint = f": write {wanted}(value, ...)" if wanted in FUNCTIONS else ""
    return f"'.{wanted[:40]}(...)' calls a method, and FEEL has only functions{hint}"


def _unknown(wanted: str) -> str:
    close = get_close_matches(wanted, [*FUNCTIONS, *SPECIAL], n=1)
    hint = f"; did you mean '{close[0]}'?" if close else ""
    return f"There is no function '{wanted[:40]}'{hint}"


def _built_in(node: nodes.Call, wanted: str, environment: Environment) -> Closure:
    arguments = [environment.closure(argument) for argument in node.arguments]
    candidates = suitable(wanted, len(arguments), node.names)
    if not candidates:
        sentence = f"{wanted}() does not take these arguments."
        return lambda scope: scope.run.note(sentence)
    return lambda scope: invoke(scope.run, wanted, candidates, [argument(scope) for argument in arguments])


def _is_defined(node: nodes.Call, environment: Environment) -> Closure:
    """Whether a variable or an entry exists, even if it is null."""
    if len(node.arguments) != 1:
        raise environment.problem("is defined() takes one argument", node)
    argument = node.arguments[0]
    if isinstance(argument, nodes.Name):
        wanted = argument.name
        if wanted not in environment.bound:
            environment.free.add(wanted)
        return lambda scope: scope.find(wanted) is not MISSING or wanted in scope.run.context
    if isinstance(argument, nodes.Path):
        key, base = argument.name, environment.closure(argument.base)
        return lambda scope: _has(base(scope), key)
    environment.closure(argument)
    return lambda scope: True


def _has(value: Any, key: str) -> bool:
    return isinstance(value, Mapping) and key in value


def _dynamic(node: nodes.Call, environment: Environment) -> Closure:
    """A call of a function that is itself a value."""
    target = environment.closure(node.target)
    arguments = [environment.closure(argument) for argument in node.arguments]
    names = node.names

    def called(scope: Scope) -> Any:
        function = target(scope)
        if type(function) is not Function:
            return scope.run.note(f"{capital(describe_kind(function))} cannot be called.")
        values = [argument(scope) for argument in arguments]
        if names is not None:
            if set(names) != set(function.parameters):
                return scope.run.note(f"The function takes {', '.join(function.parameters) or 'nothing'}.")
            given = dict(zip(names, values, strict=True))
            values = [given[parameter] for parameter in function.parameters]
        return function.invoke(scope.run, values)

    return called


def function(node: nodes.FunctionOf, environment: Environment) -> Closure:
    """A function value that remembers the scope it was made in."""
    parameters = node.parameters
    body = environment.binding(*parameters).closure(node.body)
    weight, depth = node.body.weight, node.body.depth + 2

    def made(scope: Scope) -> Function:
        def run_body(run: Run, values: list[Any]) -> Any:
            if len(values) != len(parameters):
                return run.note(f"The function takes {len(parameters)} arguments, not {len(values)}.")
            run.spend(weight)
            run.enter(depth)
            result = body(Scope(run, dict(zip(parameters, values, strict=True)), scope))
            run.depth -= depth
            return result

        return Function(parameters, run_body)

    return made
