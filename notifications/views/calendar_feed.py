"""The secret address of my calendar: made, shown once, revoked; and what calendars get there."""

from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bpm_portal.common.errors import NotFound
from notifications.calendar_feed import calendar_of, make_feed, owner_of, revoke_feed

#: In the session, until the page has shown it: nobody can read it from the database afterwards.
SHOWN_ONCE = "calendar_address"


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """A new address; an old one serves no more."""
    request.session[SHOWN_ONCE] = make_feed(by=request.user, now=timezone.now())
    return redirect(reverse("mail:preferences") + "#calendar")


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """No address any more."""
    revoke_feed(by=request.user)
    messages.success(request, _("The address of your calendar serves no more."))
    return redirect("mail:preferences")


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar, for whoever knows its address; 304 where nothing has changed."""
    user = owner_of(token)
    if user is None:
        raise NotFound
    with translation.override(user.language):
        content = calendar_of(user, now=timezone.now())
    etag = quote_etag(sha256(content).hexdigest()[:32])
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=300"
    response["Content-Disposition"] = 'inline; filename="portal.ics"'
    response["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=etag, response=response) or response
