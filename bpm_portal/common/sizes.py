"""How much one request may bring: what is larger is refused before it is kept anywhere."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bpm_portal.common.errors import BusinessError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
EXCESS = "portal.excess"  # in the scope: the size that the request was not to have


class TooLarge(BusinessError):
    """More was sent than may be at once."""

    code: ClassVar[str] = "too_large"
    status: ClassVar[int] = 413
    sentence = _("What you sent is larger than %(limit)s MB. Send less at once.")


def measured(scope: MutableMapping[str, Any], receive: Receive) -> Receive:
    """The body as far as it may go: Django would write all of it to the disk before it looks who sends it.

    Of a request that is too large nothing is handed on; `EXCESS` in its scope says so, and it is answered in words.
    """
    headers = dict(scope["headers"])
    is_form = headers.get(b"content-type", b"").lower().startswith(b"multipart/form-data")
    most = settings.REQUEST_SIZE if is_form else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    left, is_over = most, False
    declared = headers.get(b"content-length", b"")
    if declared.isdigit() and (len(declared) > 15 or int(declared) > most):
        scope[EXCESS] = most

    async def receive_measured() -> Message:
        nonlocal left, is_over
        if EXCESS not in scope:
            message = await receive()
            left -= len(message.get("body", b""))
            if left >= 0:
                return message
            scope[EXCESS] = most
        if not is_over:
            is_over = True
            return {"type": "http.request", "body": b""}
        while (message := await receive())["type"] != "http.disconnect":
            pass  # the rest of it, which nobody keeps
        return message

    return receive_measured


def excess_of(request: Any) -> TooLarge | None:
    """Why the request is refused; None for one that may be as large as it is."""
    most = getattr(request, "scope", {}).get(EXCESS)
    return TooLarge(limit=f"{most / 2**20:g}") if most is not None else None
