"""The only writer of a user's preferences."""

from bpm_portal.accounts.models import User


def change_preferences(
    *, by: User, language: str | None = None, time_zone: str | None = None, theme: str | None = None
) -> User:
    """Store what is given, keep the rest. Raises Django's ValidationError for a value that does not exist."""
    given = {"language": language, "time_zone": time_zone, "theme": theme}
    changed = {name: value for name, value in given.items() if value is not None}
    for name, value in changed.items():
        setattr(by, name, value)
    by.clean_fields(exclude={f.name for f in User._meta.fields} - changed.keys())
    by.save(update_fields=list(changed))
    return by
