"""One by one through the list of activities: those of it that this user can finish, in its order."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.finding import find, query_of
from activities.forms import ListForm
from activities.models import Activity
from activities.stops import KIND
from activities.views.listing import order_of
from bpm_portal.common import walks
from bpm_portal.common.keyset import keyset_page


@require_POST
def walk(request: HttpRequest) -> HttpResponse:
    """Begin with the first activity of the list whose filters and order stand in the address."""
    chosen = ListForm(request.GET).chosen()
    mine = [branch.for_performer(request.user).open() for branch in find(request.user, chosen)]
    order = order_of(chosen)
    page = keyset_page(Activity.objects.all(), cursor="", size=walks.MOST, order=order, among=mine)
    query = urlencode(query_of(request.GET))
    back = f"{reverse('activities:list')}?{query}" if query else reverse("activities:list")
    stops = [(KIND, activity.pk) for activity in page]
    if not stops:
        messages.info(request, _("Nothing of this list is yours to finish."))
        return redirect(back)
    return redirect(walks.begin(request, stops=stops, back=back).address(0))
