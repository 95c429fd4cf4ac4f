"""Where a page returns to."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from activities.models import Activity


def next_of(request: HttpRequest) -> str:
    """The page that `next` names, if it is one of our own; else nothing."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if own else ""


def to_list(request: HttpRequest) -> str:
    """Where one came from, or the list."""
    return next_of(request) or reverse("activities:list")


def to_page(request: HttpRequest, activity_id: int) -> str:
    """The page of the activity, which still knows where one came from; the list once it is out of sight."""
    if not Activity.objects.one_visible_to(request.user, activity_id).exists():
        return to_list(request)
    return address_of(activity_id, next_of(request))


def address_of(activity_id: int, came_from: str) -> str:
    """The page of the activity with the way back."""
    return reverse("activities:detail", args=[activity_id], query={"next": came_from} if came_from else None)
