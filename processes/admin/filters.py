"""Filters of lists with millions of rows: what can be chosen is known, so that nobody reads all rows to find it out."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from processes import kinds
from processes.engine.behaviours import BEHAVIOURS
from processes.services.journal import WORDS


class KnownValues(admin.SimpleListFilter):
    """A column of which all values are known."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Rows with the chosen value."""
        chosen = self.value()
        return queryset.filter(**{self.parameter_name: chosen}) if chosen else queryset


class KindFilter(KnownValues):
    """Kinds of human steps."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str | Promise]]:
        """Those that are registered."""
        return [(code, kind.label) for code, kind in sorted(kinds.all_kinds().items())]


class ElementTypeFilter(KnownValues):
    """Types of elements."""

    title = _("element type")
    parameter_name = "element_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Those that the engine runs."""
        return [(name, name) for name in sorted({construct.partition(":")[0] for construct in BEHAVIOURS})]


class EventKindFilter(KnownValues):
    """Kinds of events."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Those that the journal has words for."""
        return [(name, name) for name in sorted(WORDS)]
