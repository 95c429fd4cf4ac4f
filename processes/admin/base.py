"""What the pages of this package share."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bpm_portal.common.paging import CappedPaginator
from bpm_portal.common.typed import ids_in

#: Rows that an inline shows; the page of the log has them all.
INLINE_ROWS = 100


class LookOnly:
    """Nothing is added, changed or deleted by hand: turns and services alone keep instances whole."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class LookOnlyAdmin(LookOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Lists and pages to look at."""

    show_full_result_count = False  # the log may have millions of rows
    list_per_page = 50
    paginator = CappedPaginator


class ShortFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The latest rows only: an instance may have thousands of steps."""

    def get_queryset(self) -> Any:
        """Sliced after the parent has been filtered for."""
        if not hasattr(self, "_short"):
            self._short = super().get_queryset().order_by("-id")[:INLINE_ROWS]
        return self._short


class LookOnlyInline(LookOnly, admin.TabularInline):  # type: ignore[type-arg]
    """Rows to look at, the latest first."""

    formset = ShortFormSet
    extra = 0
    can_delete = False


def chosen_ids(request: HttpRequest) -> list[int]:
    """The ids of `?ids=1,2` or of a posted list."""
    texts = [
        part for text in request.POST.getlist("ids") or request.GET.getlist("ids") for part in text.split(",")
    ]
    return ids_in(texts)


def tell_results(
    request: HttpRequest, results: Iterable[tuple[Any, str]], words: Callable[[int], str]
) -> None:
    """One message for the number of what went well, one for each problem."""
    number = 0
    for what, problem in results:
        if problem:
            messages.error(request, _("%(what)s: %(problem)s") % {"what": what, "problem": problem})
        else:
            number += 1
    if number:
        messages.success(request, words(number))


def cancelled_words(number: int) -> str:
    """What an administrator is told."""
    return ngettext("%(n)s instance is cancelled.", "%(n)s instances are cancelled.", number) % {"n": number}
