"""The translatable texts of the project: found in its sources, kept in gettext catalogues, checked."""

from bpm_portal.texts.catalogue import languages, merge, problems
from bpm_portal.texts.found import find_texts
from bpm_portal.texts.text import Text, UnreadableError

__all__ = ["Text", "UnreadableError", "find_texts", "languages", "merge", "problems"]
