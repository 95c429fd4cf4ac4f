"""Filters with a name: what stands above a list, and how much each of them finds."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from bpm_portal.common.keyset import capped_counts
from records.kept_lists import KeptList
from records.models import DefaultFilter, SavedFilter

SHOWN = 12  # chips above the list
CAP = 99  # a count goes no further: more is shown as `99+`


def chips_of(user: Any, kept_list: KeptList, present: Mapping[str, str]) -> dict[str, Any]:
    """Context of the chips: three statements, whatever their number."""
    found = SavedFilter.objects.visible_to(user).of_list(kept_list.code).select_related("role")
    filters = list(found.order_by("name", "id")[:SHOWN])
    context = {"list_code": kept_list.code, "chips": list[dict[str, Any]]()}
    if not filters:
        return context
    counts = capped_counts([kept_list.find(kept.query) for kept in filters], cap=CAP)
    default = default_of(user, kept_list.code)
    context["chips"] = [
        {
            "filter": kept,
            "address": address_of(kept, kept_list),
            "count": f"{CAP}+" if count > CAP else str(count),
            "is_default": default is not None and default.pk == kept.pk,
            "is_present": kept.query == present,
        }
        for kept, count in zip(filters, counts, strict=True)
    ]
    return context


def default_of(user: Any, list_code: str) -> SavedFilter | None:
    """The filter that this user's list begins with, unless it is out of his sight by now."""
    choice = DefaultFilter.objects.filter(user=user, list_code=list_code).values("filter")
    found: SavedFilter | None = SavedFilter.objects.visible_to(user).filter(pk__in=choice).first()
    return found


def default_address(user: Any, kept_list: KeptList) -> str:
    """Where this user's list begins; empty where no filter was chosen for that."""
    default = default_of(user, kept_list.code)
    return address_of(default, kept_list) if default else ""


def address_of(kept: SavedFilter, kept_list: KeptList) -> str:
    """The list as this filter shows it."""
    return f"{kept_list.address}?{urlencode(kept.query or {'clear': '1'})}"
