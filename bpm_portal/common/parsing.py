"""How the API reads JSON; apart from the rest of it, as the framework imports this while it is imported itself."""

from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.utils import json


class ExactJSONParser(JSONParser):
    """JSON whose fractions arrive as decimals, so that no digit of an amount is lost."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, Any]:
        """As the original, which knows only floats. Raises ParseError."""
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            text = stream.read().decode(encoding)
            # A fraction with an exponent of millions would cost gigabytes once it is written out.
            found: dict[str, Any] = json.loads(
                text, parse_float=_decimal, parse_constant=json.strict_constant
            )
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(f"JSON parse error - {error}") from error
        return found


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > 400:
        raise ValueError("a number is out of range")
    return number
