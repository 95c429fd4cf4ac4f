"""Regular expressions without backtracking: see regex_parse for the syntax, regex_run for the search."""

from __future__ import annotations

from .regex_parse import PatternError
from .regex_program import Program, compile_pattern
from .regex_run import Match, fill, matches, search

__all__ = ["Match", "PatternError", "Program", "compile_pattern", "fill", "matches", "search"]
