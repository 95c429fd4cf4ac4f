"""What belongs to the page of an activity besides its work: comments, participants, records, reminder, files."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from activities import services
from activities.belonging import belonging_to
from activities.forms_talk import ConnectionForm, FileForm, ParticipantForm, ReminderForm
from activities.services.files import visible_attachment
from activities.views.back import to_page
from activities.views.page import visible
from bpm_portal.common.errors import Conflict, Invalid


@require_GET
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """The talk alone."""
    activity = visible(request, pk)
    context = {"activity": activity, **belonging_to(activity, request.user)}
    return render(request, "activities/_comments_rows.html", context)


@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something; who was called in vain is told."""
    text = request.POST.get("text", "")

    def say() -> None:
        missed = services.comment_activity(activity_id=pk, text=text, by=request.user, now=timezone.now())
        if missed:
            names = ", ".join(str(person) for person in missed)
            told = _("%(names)s may not see this activity and was not told. Add them as participants first.")
            messages.warning(request, told % {"names": names})

    return _acted(request, pk, say, "comments")


@require_POST
def delete_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's comment."""
    activity_id = services.delete_comment(comment_id=pk, by=request.user)
    return redirect(to_page(request, activity_id) + "#comments")


@require_POST
def add_participant(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else takes part."""
    form = ParticipantForm(request.POST, user=request.user)
    return _sent(request, pk, form, "participants", lambda values: services.add_participant(
        activity_id=pk, by=request.user, now=timezone.now(), **values
    ))  # fmt: skip


@require_POST
def remove_participant(request: HttpRequest, pk: int, user_id: int) -> HttpResponse:
    """He takes part no longer."""
    return _acted(
        request,
        pk,
        lambda: services.remove_participant(activity_id=pk, user_id=user_id, by=request.user),
        "participants",
    )


@require_POST
def connect(request: HttpRequest, pk: int) -> HttpResponse:
    """A further record."""
    form = ConnectionForm(request.POST, user=request.user)
    return _sent(request, pk, form, "connections", lambda values: services.connect_record(
        activity_id=pk, by=request.user, **values
    ))  # fmt: skip


@require_POST
def disconnect(request: HttpRequest, pk: int, record_id: int) -> HttpResponse:
    """No longer connected."""
    return _acted(
        request,
        pk,
        lambda: services.disconnect_record(activity_id=pk, record_id=record_id, by=request.user),
        "connections",
    )


@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind me at another time, or never."""

    def set_it(values: dict[str, Any]) -> None:
        services.set_reminder(activity_id=pk, by=request.user, now=timezone.now(), **values)
        messages.success(request, _("Saved."))

    return _sent(request, pk, ReminderForm(request.POST), "reminder", set_it)


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a file."""
    return _sent(request, pk, FileForm(request.POST, request.FILES), "files", lambda values: services.attach_file(
        activity_id=pk, upload=values["file"], by=request.user, now=timezone.now()
    ))  # fmt: skip


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The file, to be saved and never shown by the browser: it may be anything."""
    attachment = visible_attachment(pk, request.user)
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def delete_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file away."""
    activity_id = services.delete_attachment(attachment_id=pk, by=request.user)
    return redirect(to_page(request, activity_id) + "#files")


def _sent(
    request: HttpRequest, pk: int, form: Form, part: str, act: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    """Do it with what the form says; what is wrong with it is a message, but not to who may not see it."""
    visible(request, pk)

    def checked() -> None:
        if not form.is_valid():
            raise Invalid(**{name: str(errors[0]) for name, errors in form.errors.items()})
        act(form.cleaned_data)

    return _acted(request, pk, checked, part)


def _acted(request: HttpRequest, pk: int, act: Callable[[], Any], part: str) -> HttpResponse:
    """Do it and return to that part of the page; a refusal is a message."""
    try:
        act()
    except (Conflict, Invalid) as refusal:
        messages.error(request, refusal.in_full)
    return redirect(f"{to_page(request, pk)}#{part}")
