"""What the lists of the API are narrowed by: a value that cannot be read is refused, never taken for none."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bpm_portal.common.typed import DIGITS


class IdField(forms.IntegerField):
    """An id; 0, which no row has, in place of a number that none can have."""

    def to_python(self, value: Any) -> int | None:
        """The number. Raises ValidationError."""
        number = super().to_python(value)
        return number if number is None or 0 < number < 10**DIGITS else 0


class YesNoField(forms.Field):
    """`true` or `false`, `1` or `0`, `yes` or `no`: the words that the bodies of requests may use, too."""

    def to_python(self, value: Any) -> bool | None:
        """None where nothing is asked. Raises ValidationError."""
        if value in self.empty_values:
            return None
        try:
            return bool(serializers.BooleanField().to_internal_value(value))
        except serializers.ValidationError:
            raise forms.ValidationError(_("Write “true” or “false”.")) from None


@extend_schema_field(int)
class IdFilter(django_filters.Filter):
    """The id of a row; what no row has finds nothing."""

    field_class = IdField


@extend_schema_field(bool)
class YesNoFilter(django_filters.Filter):
    """Those that are so, or those that are not."""

    field_class = YesNoField
