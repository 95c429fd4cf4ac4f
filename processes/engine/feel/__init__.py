"""FEEL, the expression language of DMN 1.5 and BPMN tools: read, compiled to closures, evaluated within bounds.

An expression sees only the variables it is given: there is no way from it to Python objects, files or the network.
"""

from __future__ import annotations

from .codec import decode, encode, plain
from .errors import FeelError, FeelLimitError, FeelSizeError, FeelSyntaxError
from .expression import Expression, compile_expression
from .juel import translate_juel
from .unary import UnaryTests, compile_unary_tests
from .values import Range, YearsMonths

__all__ = [
    "Expression",
    "FeelError",
    "FeelLimitError",
    "FeelSizeError",
    "FeelSyntaxError",
    "Range",
    "UnaryTests",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
    "decode",
    "encode",
    "plain",
    "translate_juel",
]
