"""Results that the portal itself has named: kept in English, said in the reader's language."""

from django.utils.translation import gettext_lazy as _

RESULTS = {"Done": _("Done"), "Sent": _("Sent"), "No answer": _("No answer")}


def in_words(result: str) -> str:
    """The result, or its label, for the reader."""
    return str(RESULTS.get(result, result))
