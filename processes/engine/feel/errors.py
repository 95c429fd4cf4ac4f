"""What can go wrong with a FEEL text: it cannot be read, or it asks for too much.

FeelError
+-- FeelSyntaxError      the text is not an expression; says where and what was expected
+-- FeelLimitError       evaluation asked for more work or memory than is allowed
    +-- FeelSizeError    the text itself is too long or too deep (also a FeelSyntaxError)
"""

from __future__ import annotations


class FeelError(Exception):
    """Base of everything this package raises on purpose."""


class FeelSyntaxError(FeelError):
    """The text cannot be read as FEEL.

    The message is a full sentence that ends with the place. `position` counts characters from 0, `line`
    and `column` count from 1.
    """

    def __init__(self, problem: str, text: str, position: int) -> None:
        self.text = text
        self.position = max(0, min(position, len(text)))
        before = text[: self.position]
        self.line = before.count("\n") + 1
        self.column = self.position - (before.rfind("\n") + 1) + 1
        self.problem = problem
        super().__init__(f"{problem} (line {self.line}, column {self.column}).")

    def __reduce__(self) -> tuple[type[FeelSyntaxError], tuple[str, str, int]]:
        return type(self), (self.problem, self.text, self.position)  # errors travel between worker processes


class FeelLimitError(FeelError):
    """The expression needs more work, memory or depth than one evaluation may use."""


class FeelSizeError(FeelSyntaxError, FeelLimitError):
    """The text is longer, or nested deeper, than an expression may be."""
