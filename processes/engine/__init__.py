"""The engine: pure functions over steps; no clock, ids, database or Django in here."""
