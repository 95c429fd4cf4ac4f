"""FEEL: its language, its bounds, its storage."""
