"""The business errors: each is a sentence with a way out, a code for programs and an HTTP status.

BusinessError (400)
|-- Invalid (400)            what was sent does not fit; carries problems per field
|-- Forbidden (403)
|-- NotFound (404)           also where even the existence is private
`-- Conflict (409)           right call, wrong moment
"""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class BusinessError(Exception):
    """The request cannot be carried out."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    sentence: ClassVar[str | Promise] = _("The request cannot be carried out.")

    def __init__(self, message: str | Promise = "", **detail: Any) -> None:
        self.detail = detail
        self._message = message
        super().__init__(message)

    @property
    def message(self) -> str:
        """The sentence for the reader, in the active language."""
        text = str(self._message or self.sentence)
        return text % self.detail if self.detail and "%(" in text else text

    @property
    def in_full(self) -> str:
        """The sentence for where no field can show its problem."""
        return self.message

    def __str__(self) -> str:
        return self.message


def as_json(error: BusinessError) -> dict[str, Any]:
    """As programs get it."""
    return {"code": error.code, "message": error.message, "detail": error.detail}


class Invalid(BusinessError):
    """What was sent does not fit; `detail` maps a field to its problem."""

    code = "invalid"
    sentence = _("Please check what you entered.")

    @property
    def in_full(self) -> str:
        """The problems themselves, unless the error has a sentence of its own."""
        told = (problem if isinstance(problem, list) else [problem] for problem in self.detail.values())
        texts = [str(text) for problems in told for text in problems if isinstance(text, str | Promise)]
        return self.message if self._message or not texts else " ".join(texts)


class Forbidden(BusinessError):
    """You are not allowed to do this."""

    code = "forbidden"
    status = 403
    sentence = _("You are not allowed to do this. Ask the process administrator for access.")


class NotFound(BusinessError):
    """It does not exist, or it is not yours to see."""

    code = "not_found"
    status = 404
    sentence = _("It does not exist, or it is not yours to see.")


class Conflict(BusinessError):
    """Somebody else was faster, or the moment is wrong."""

    code = "conflict"
    status = 409
    sentence = _("Somebody else has changed this in the meantime. Reload the page and try again.")
