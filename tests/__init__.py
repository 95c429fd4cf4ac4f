"""The tests: the same cast everywhere, a real database, a real broker, a real browser."""
