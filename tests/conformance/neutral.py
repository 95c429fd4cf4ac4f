"""Neutral expressions of cases, which are written in Python, in the words of FEEL."""

import ast
import json
from collections.abc import Callable, Mapping
from typing import Any

_BINARY: Mapping[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.Eq: "=",
    ast.NotEq: "!=",
    ast.Is: "=",
    ast.IsNot: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.And: "and",
    ast.Or: "or",
}
_CONSTANTS: Mapping[Any, str] = {None: "null", True: "true", False: "false"}


def to_feel(text: str) -> str:
    """`not (a == 1) and 'x' in b` -> FEEL that says the same. Raises ValueError for what has no such form."""
    return _write(ast.parse(text.strip(), mode="eval").body)


def _write(node: ast.AST) -> str:
    writer = _WRITERS.get(type(node))
    if writer is None:
        raise ValueError(f"{ast.unparse(node)} has no form in FEEL.")
    return writer(node)


def _constant(node: Any) -> str:
    if node.value is None or isinstance(node.value, bool):
        return _CONSTANTS[node.value]
    if isinstance(node.value, str):
        return json.dumps(node.value, ensure_ascii=False)
    return str(node.value)


def _unary(node: Any) -> str:
    inner = _write(node.operand)
    return {ast.Not: f"not({inner})", ast.USub: f"-({inner})", ast.UAdd: inner}[type(node.op)]


def _bool(node: Any) -> str:
    return f" {_BINARY[type(node.op)]} ".join(f"({_write(value)})" for value in node.values)


def _binary(node: Any) -> str:
    left, right = _write(node.left), _write(node.right)
    functions = {ast.Mod: "modulo", ast.FloorDiv: "floor"}
    if isinstance(node.op, ast.Mod):
        return f"{functions[ast.Mod]}({left}, {right})"
    if isinstance(node.op, ast.FloorDiv):
        return f"{functions[ast.FloorDiv]}(({left}) / ({right}))"
    return f"({left}) {_BINARY[type(node.op)]} ({right})"


def _compare(node: Any) -> str:
    sides = [node.left, *node.comparators]
    parts = [
        _pair(left, op, right) for left, op, right in zip(sides, node.ops, node.comparators, strict=False)
    ]
    return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)


def _pair(left: ast.AST, op: ast.AST, right: ast.AST) -> str:
    if isinstance(op, ast.In | ast.NotIn):
        found = _member(_write(left), _write(right))
        return found if isinstance(op, ast.In) else f"not({found})"
    return f"{_operand(left)} {_BINARY[type(op)]} {_operand(right)}"


def _operand(node: ast.AST) -> str:
    text = _write(node)
    return text if isinstance(node, ast.Name | ast.Constant) else f"({text})"


def _member(item: str, holder: str) -> str:
    """Python asks texts and lists by the same word."""
    of_text, of_list = f"contains({holder}, {item})", f"list contains({holder}, {item})"
    return f"(if ({holder}) instance of string then {of_text} else {of_list})"


def _call(node: Any) -> str:
    name, arguments = ast.unparse(node.func), [_write(argument) for argument in node.args]
    if name == "len":
        (holder,) = arguments
        return f"(if ({holder}) instance of string then string length({holder}) else count({holder}))"
    functions = {
        "abs": "abs",
        "min": "min",
        "max": "max",
        "sum": "sum",
        "str": "string",
        "any": "any",
        "all": "all",
    }
    if name not in functions:
        raise ValueError(f"{name} has no form in FEEL.")
    return f"{functions[name]}({', '.join(arguments)})"


def _list(node: Any) -> str:
    return f"[{', '.join(_write(item) for item in node.elts)}]"


def _dict(node: Any) -> str:
    pairs = (f"{_write(key)}: {_write(value)}" for key, value in zip(node.keys, node.values, strict=True))
    return "{" + ", ".join(pairs) + "}"


def _subscript(node: Any) -> str:
    holder, index = _operand(node.value), node.slice
    if isinstance(index, ast.Constant) and isinstance(index.value, str):
        return f"get value({holder}, {_write(index)})"
    if isinstance(index, ast.UnaryOp):  # both count from the end in the same way
        return f"{holder}[{ast.unparse(index)}]"
    return f"{holder}[({_write(index)}) + 1]"


def _choice(node: Any) -> str:
    return f"if {_write(node.test)} then {_write(node.body)} else {_write(node.orelse)}"


_WRITERS: Mapping[type[ast.AST], Callable[[Any], str]] = {
    ast.Constant: _constant,
    ast.Name: lambda node: node.id,
    ast.UnaryOp: _unary,
    ast.BoolOp: _bool,
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.Call: _call,
    ast.Attribute: lambda node: f"{_operand(node.value)}.{node.attr}",
    ast.Subscript: _subscript,
    ast.List: _list,
    ast.Tuple: _list,
    ast.Set: _list,
    ast.Dict: _dict,
    ast.IfExp: _choice,
}
