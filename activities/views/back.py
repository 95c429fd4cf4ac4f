"""Where a page returns to."""

from django.http import HttpRequest
from django.urls import reverse

from activities.models import Activity
from bpm_portal.common.returning import return_address, with_return


def to_list(request: HttpRequest) -> str:
    """Where one came from, or the list."""
    return return_address(request) or reverse("activities:list")


def to_page(request: HttpRequest, activity_id: int) -> str:
    """The page of the activity, which still knows where one came from; the list once it is out of sight."""
    if not Activity.objects.visible_to(request.user).filter(pk=activity_id).exists():
        return to_list(request)
    return address_of(activity_id, return_address(request))


def address_of(activity_id: int, came_from: str) -> str:
    """The page of the activity with the way back."""
    return with_return(reverse("activities:detail", args=[activity_id]), came_from)
