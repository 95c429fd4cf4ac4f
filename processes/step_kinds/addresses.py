"""E-mail addresses: read from what people type and from what diagrams name."""

from collections.abc import Iterable
from email.utils import formataddr, getaddresses
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpm_portal.accounts.models import User
from records.models import Record

MAX_ADDRESSES = 50


class Addresses(forms.CharField):
    """Addresses with commas or semicolons between them, each perhaps with a name: `Ann <ann@example.com>`.

    The cleaned value is a list of addresses as they stand in a header.
    """

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", gettext_lazy("Several addresses with commas between them."))
        super().__init__(
            max_length=8000, widget=forms.TextInput({"autocomplete": "off", "inputmode": "email"}), **options
        )

    def clean(self, value: Any) -> list[str]:
        """The addresses, each once. Raises ValidationError that names what is none."""
        text = super().clean(value)
        found = list(dict.fromkeys(self._read(text)))
        if len(found) > MAX_ADDRESSES:
            raise ValidationError(_("At most %(limit)d addresses.") % {"limit": MAX_ADDRESSES})
        return found

    def _read(self, text: str) -> Iterable[str]:
        pieces = [piece for piece in text.replace(";", ",").split(",") if piece.strip()]
        for name, address in getaddresses(pieces):
            shown = address or name
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(_("“%(address)s” is no e-mail address.") % {"address": shown}) from None
            yield formataddr((name, address)) if name else address


def addresses_in(named: Any) -> list[str]:
    """Addresses of what a diagram names: an address, a user name, a record with a field `email`, or a list of them.

    What leads to none is left as it is, so that the person who sends sees what is missing.
    """
    things = named if isinstance(named, list) else [named]
    pieces = [piece for thing in things for piece in _split(thing)]
    names = [piece for piece in pieces if isinstance(piece, str) and "@" not in piece]
    records = [piece for piece in pieces if isinstance(piece, int)]
    users = dict(User.objects.filter(username__in=names).values_list("username", "email")) if names else {}
    known = (
        {r.pk: str(r.data.get("email") or r.caption) for r in Record.objects.filter(pk__in=records)}
        if records
        else {}
    )
    found = [
        users.get(piece) or piece if isinstance(piece, str) else known.get(piece, "") for piece in pieces
    ]
    return [address for address in dict.fromkeys(found) if address]


def _split(thing: Any) -> list[str | int]:
    if isinstance(thing, dict):
        key = thing.get("id")
        return [int(key)] if isinstance(key, int | float) else []
    return [piece.strip() for piece in str(thing or "").replace(";", ",").split(",") if piece.strip()]
