"""What forms ask for: records to connect to."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from records.models import Record

OPTIONS = 20


@require_GET
def record_options(request: HttpRequest) -> JsonResponse:
    """`{"results": [{"id", "name", "hint"}]}`: records of any section whose caption has `q`, newest first."""
    found = Record.objects.visible_to(request.user).search(request.GET.get("q", "")).order_by("-id")
    records = found.select_related("record_type")[:OPTIONS]
    results = [{"id": r.pk, "name": r.caption, "hint": r.record_type.name} for r in records]
    return JsonResponse({"results": results})
