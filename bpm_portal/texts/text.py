"""One translatable text."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """A message as gettext knows it, and the files that use it."""

    msgid: str
    plural: str = ""
    context: str | None = None
    places: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def key(self) -> tuple[str | None, str]:
        """What makes it one message for gettext."""
        return (self.context, self.msgid)


class UnreadableError(Exception):
    """A text that cannot be collected: says the file, the line and why."""
