"""From an expression there is no way to Python: not through its objects, not through what the package imports."""

import ast
import sys
from pathlib import Path

import pytest

import processes.engine.feel as feel
from processes.engine.feel import FeelSyntaxError, compile_expression

PACKAGE = Path(feel.__file__).parent
SOURCES = sorted(PACKAGE.glob("*.py"))
ALLOWED = {
    "__future__",
    "calendar",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "functools",
    "re",
    "typing",
    "unicodedata",
    "zoneinfo",
}
FORBIDDEN = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "open",
    "getattr",
    "setattr",
    "vars",
    "globals",
    "locals",
    "input",
    "breakpoint",
}
CLOCKS = {"now", "today", "utcnow", "time_ns", "fromtimestamp"}


@pytest.mark.parametrize("source", SOURCES, ids=[source.name for source in SOURCES])
def test_module_reaches_nothing_outside(source):
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name.split(".")[0] for alias in node.names} <= ALLOWED
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert (node.module or "").split(".")[0] in ALLOWED
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 1
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN or (source.name, node.func.id) in EXCEPTIONS, node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            assert node.func.attr not in CLOCKS or not (
                isinstance(owner, ast.Name) and owner.id in ("datetime", "date")
            )


EXCEPTIONS = {
    ("nodes.py", "getattr"),  # the fields of a syntax node, by the names that its class declares
    ("moments.py", "getattr"),  # `key` of a zone, which only zones of the zone database have
}


def test_files_stay_small():
    assert max(len(source.read_text(encoding="utf-8").splitlines()) for source in SOURCES) < 400


class Secret:
    """What a careless caller might hand over."""

    value = 42

    def __getitem__(self, key):
        raise AssertionError("an expression reached into an object")

    def __getattr__(self, name):
        raise AssertionError("an expression reached into an object")

    def __call__(self):
        raise AssertionError("an expression called an object")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "x.value",
        "x.__class__",
        "x[1]",
        "x[item != null]",
        "string(x)",
        "x = x",
        "x + 1",
        "[x][1].value",
        "is empty(x)",
        'get value(x, "value")',
    ],
)
def test_object_of_python_is_closed(text):
    assert compile_expression(text).evaluate({"x": Secret(), "y": {"x": Secret()}}) in (None, True)


@pytest.mark.parametrize(
    "text",
    [
        '"".__class__',
        "(1).__class__.__mro__",
        "[].append",
        "{}.keys",
        "record.keys",
        "record.__class__",
        "(function(x) x).invoke",
        "(function(x) x).__globals__",
        "abs.body",
        '@"2026-01-01".__class__',
        '@"2026-01-01".strftime',
        "now().tzinfo",
        "[1..2].__class__",
    ],
)
def test_attributes_of_values_are_out_of_reach(text, now):
    assert compile_expression(text).evaluate({"record": {"a": 1}}, now=now) in (None, [])


@pytest.mark.parametrize(
    "text", ['__import__("os")', "record.keys()", '"".join([])', "().__class__", "lambda: 1"]
)
def test_calls_of_python_are_refused(text):
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


def test_package_does_not_load_django():
    import subprocess

    code = (
        "import sys, processes.engine.feel; sys.exit(any(name.startswith('django') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parents[2]).returncode == 0


def test_evaluation_twice_gives_the_same_twice(now):
    text = "[now(), today(), {a: amounts, b: sort(a)}, for x in amounts return partial]"
    first, second = (compile_expression(text).evaluate({"amounts": [3, 1, 2]}, now=now) for _ in range(2))
    assert first == second
