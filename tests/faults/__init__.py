"""Processes are killed and servers vanish; what must follow still follows, once."""
