"""Texts in Python: the calls of gettext and its relatives, read from the syntax tree."""

import ast
from collections.abc import Iterator

from bpm_portal.texts.text import Text, UnreadableError

MODULE = "django.utils.translation"
# What code without Django, the engine, defines for itself to mark its sentences.
MARK = "gettext_noop"
# Function -> the names of its first arguments.
FUNCTIONS = {
    "gettext": ("msgid",),
    "gettext_lazy": ("msgid",),
    "gettext_noop": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "ngettext_lazy": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "pgettext_lazy": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
    "npgettext_lazy": ("context", "msgid", "plural"),
}


def texts_of(source: str, place: str) -> Iterator[Text]:
    """Every literal text of a module. Raises UnreadableError where a text is put together at run time."""
    tree = ast.parse(source, filename=place)
    names, modules = _imported(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        signature = _signature(node.func, names, modules)
        if signature is None:
            continue
        arguments = node.args[: len(signature)]
        values = [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if len(values) < len(signature):
            if _names_a_text(arguments):
                raise UnreadableError(f"{place}:{node.lineno}: only a literal text can be translated.")
            continue  # a text that stands elsewhere, marked by gettext_noop there
        given = dict(zip(signature, values, strict=True))
        yield Text(given["msgid"], plural=given.get("plural", ""), context=given.get("context"))


def _imported(tree: ast.AST) -> tuple[dict[str, str], set[str]]:
    """Local names of the functions, and local names of the module itself."""
    names: dict[str, str] = {}
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == MARK:
            names[MARK] = MARK
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in names:
            names |= {each.id: names[node.value.id] for each in node.targets if isinstance(each, ast.Name)}
        if not isinstance(node, ast.ImportFrom):
            continue
        for alias in node.names:
            if node.module == MODULE and alias.name in FUNCTIONS:
                names[alias.asname or alias.name] = alias.name
            elif node.module == "django.utils" and alias.name == "translation":
                modules.add(alias.asname or alias.name)
    return names, modules


def _signature(called: ast.expr, names: dict[str, str], modules: set[str]) -> tuple[str, ...] | None:
    if isinstance(called, ast.Name):
        return FUNCTIONS.get(names.get(called.id, ""))
    if (
        isinstance(called, ast.Attribute)
        and isinstance(called.value, ast.Name)
        and called.value.id in modules
    ):
        return FUNCTIONS.get(called.attr)
    return None


def _names_a_text(arguments: list[ast.expr]) -> bool:
    """Is a text being built here (an f-string, a sum, a format)? Then it can never be found in a catalogue."""
    return any(isinstance(a, ast.JoinedStr | ast.BinOp | ast.Constant) for a in arguments) or not arguments
