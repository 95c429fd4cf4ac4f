"""How large an expression may be, and how much one evaluation may do."""

from __future__ import annotations

MAX_SOURCE = 20_000
"""Characters in one expression."""
MAX_DEPTH = 100
"""Nesting of the text, and height of its syntax tree."""
MAX_CALL_DEPTH = 200
"""Summed tree heights of all FEEL functions running inside each other."""
MAX_VALUE_DEPTH = 100
"""Lists and contexts inside each other in one result."""
MAX_WORK = 200_000
"""Operations in one evaluation: nodes of loop bodies, list items, 64 characters of text."""
MAX_STRING = 1_000_000
"""Characters in one text."""
MAX_NOTES = 20
"""Notes kept from one evaluation."""
MAX_PATTERN = 1_000
"""Characters in one regular expression."""
MAX_PROGRAM = 2_000
"""Instructions of one compiled regular expression (counted repeats are written out)."""
CHARACTERS_PER_OPERATION = 64
