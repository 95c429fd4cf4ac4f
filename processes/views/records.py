"""What the page of a record asks for while it stands open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from processes.hooks import next_steps as context_of
from records import access


@require_GET
@never_cache
def next_steps(request: HttpRequest, record_id: int) -> HttpResponse:
    """The steps that wait on the record, alone."""
    record = access.get_record(request.user, record_id)
    return render(request, "processes/_next_steps.html", context_of(request.user, record))
