"""Why the engine refuses a command."""

from typing import Any


class NotPossible(Exception):
    """The command does not fit the state of the instance. `code` is stable, the text is a sentence."""

    def __init__(self, code: str, sentence: str, **params: Any) -> None:
        super().__init__(sentence.format(**params))
        self.code = code
        self.params = params


class Incident(Exception):
    """A step cannot go on: it is marked failed with this sentence, the rest of the turn stands."""
