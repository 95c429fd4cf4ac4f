"""The engine, without Django and without a database."""
