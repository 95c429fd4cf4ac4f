"""The kinds of steps, each from its opening to its end."""
