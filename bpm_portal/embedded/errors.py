"""What can stop an embedded server from starting, as a sentence with a way out."""


class CannotStart(Exception):
    """An embedded server cannot start; the message says why and what to do."""
