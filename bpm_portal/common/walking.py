"""From stop to stop of a walk: looks for the next one that still waits, and sends there. Changes nothing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bpm_portal.common import walks


@require_GET
@never_cache
def go_on(request: HttpRequest, token: str, at: int) -> HttpResponse:
    """To the first stop from `at` on that still waits; after the last one back to the list."""
    walk = walks.kept_walk(request, token)
    if walk is None:
        return _lost(request)
    left = walks.stops_left(walk, request.user)
    ahead = [stop for stop in left if stop >= at]
    if ahead:
        return redirect(walks.stop_address(walk, ahead[0]))
    if left:
        text = ngettext(
            "That was the end of the list. %(n)s task of it still waits.",
            "That was the end of the list. %(n)s tasks of it still wait.",
            len(left),
        )
        messages.info(request, text % {"n": len(left)})
    else:
        messages.success(request, _("That was the last one: nothing of the list is left."))
    return redirect(walk.back)


@require_GET
@never_cache
def go_back(request: HttpRequest, token: str, at: int) -> HttpResponse:
    """To the last stop before `at` that still waits, else to the first one from there on."""
    walk = walks.kept_walk(request, token)
    if walk is None:
        return _lost(request)
    before = [stop for stop in walks.stops_left(walk, request.user) if stop < at]
    return redirect(walks.stop_address(walk, before[-1]) if before else walk.address(at))


def _lost(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("This list is not kept any more. Begin again from the list."))
    return redirect("home")
