"""Texts of a diagram that are, or may be, expressions."""

from processes.engine.feel import Expression, FeelSyntaxError, compile_expression, translate_juel
from processes.engine.model import Value
from processes.engine.problems import Problem, problem

#: Names under which files announce FEEL; the specification's default (XPath) on `definitions` is not
#: looked at, since every modeler writes it there.
_FEEL = ("feel", "text/feel", "application/feel")


class Compiler:
    """Compiles the expressions of one process; collects the problems and the names they use."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.names: set[str] = set()

    def expression(self, text: str, *, what: str, element: str, line: int) -> Expression | None:
        """`= a + b`, `a + b` or `${a + b}`; None (and a problem) if it cannot be understood."""
        source = text.strip()
        try:
            if "${" in source or "#{" in source:
                source = translate_juel(source)
            compiled = compile_expression(source.removeprefix("="))
        except FeelSyntaxError as error:
            self.problems.append(
                problem(
                    "expression_syntax",
                    element=element,
                    line=line,
                    what=what,
                    reason=str(error),
                    text=text.strip()[:200],
                )
            )
            return None
        self.names |= compiled.names
        return compiled

    def value(self, text: str, *, what: str, element: str, line: int) -> Value:
        """An expression if the text begins with `=`, else the text."""
        if not text.lstrip().startswith("="):
            return text
        return self.expression(text, what=what, element=element, line=line) or ""

    def vendor_value(self, text: str, *, what: str, element: str, line: int) -> Value:
        """The same for files made for other engines, where `${...}` marks an expression as well."""
        if "${" in text or "#{" in text:
            return self.expression(text, what=what, element=element, line=line) or ""
        return self.value(text, what=what, element=element, line=line)

    def understands(self, language: str, *, what: str, element: str, line: int) -> bool:
        """Whether the language is FEEL, or left open; if not, a problem is noted."""
        name = language.strip().lower()
        if not name or name in _FEEL or "/feel" in name or name == "juel":
            return True
        self.problems.append(
            problem("expression_language", element=element, line=line, what=what, language=language)
        )
        return False
