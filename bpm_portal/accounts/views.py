"""Sign-in, profile, preferences, substitution, and the lists behind the pickers."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bpm_portal.accounts.directory import find_people, find_roles
from bpm_portal.accounts.forms import PreferencesForm, SubstitutionForm
from bpm_portal.accounts.models import Substitution, User
from bpm_portal.accounts.periods import period_of
from bpm_portal.accounts.querysets import FOR_OTHERS
from bpm_portal.accounts.services import change_preferences, end_substitution, make_substitution
from bpm_portal.common.errors import Invalid
from bpm_portal.common.htmx import refreshed, toast, with_event
from bpm_portal.common.returning import return_address

YEAR = 365 * 24 * 3600
MOST = 200  # substitutions on a page


class SignInView(LoginView):
    """The door; shows the demo accounts where the installation says so."""

    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True
    extra_context = {"demo_hint": settings.DEMO_HINT}


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """How I see the portal; every change is saved at once."""
    now = timezone.now()
    user = User.objects.select_related("manager").get(pk=request.user.pk)
    language = user.language
    form = PreferencesForm(request.POST or None, instance=user, now=now)
    if request.method == "POST" and form.is_valid():
        change_preferences(by=user, **form.cleaned_data)
        translation.activate(user.language)
        if request.htmx and user.language == language:
            response = with_event(HttpResponse(status=204), "theme", choice=user.theme)
            return toast(response, _("Saved."))
        messages.success(request, _("Saved."))
        response = refreshed() if request.htmx else redirect("accounts:profile")
        return _remember(response, language=user.language, theme=user.theme)
    roles = user.groups.order_by("name")
    return render(request, "accounts/profile.html", {"form": form, "person": user, "roles": roles})


@require_http_methods(["GET", "POST"])
def substitution(request: HttpRequest) -> HttpResponse:
    """Who stands in for me, and for whom I do; whoever may say it for others sees those of all."""
    now = timezone.now()
    form = SubstitutionForm(request.POST or None, user=request.user, now=now)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        absent = asked.get("absent") or request.user
        try:
            made = make_substitution(
                absent=absent, substitute=asked["substitute"], since=form.since, until=form.until,
                by=request.user, now=now,
            )  # fmt: skip
        except Invalid as problem:
            for name, text in problem.detail.items():
                form.add_error({"until": "last_day"}.get(name, name), text)
        else:
            words = _("%(substitute)s stands in for %(absent)s.")
            messages.success(request, words % {"substitute": made.substitute, "absent": made.absent})
            return redirect("accounts:substitution")
    known = Substitution.objects.visible_to(request.user).not_over(now)
    known = list(known.select_related("absent", "substitute").order_by("since", "id")[:MOST])
    for each in known:
        each.period = period_of(each, now=now)
    mine = [each for each in known if each.absent_id == request.user.pk]
    for_me = [each for each in known if each.substitute_id == request.user.pk]
    others = [each for each in known if request.user.pk not in (each.absent_id, each.substitute_id)]
    context = {
        "form": form,
        "groups": [
            (_("Who stands in for me"), mine),
            (_("For whom I stand in"), for_me),
            (_("Others"), others),
        ],
        "may_for_others": request.user.has_perm(FOR_OTHERS),
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "accounts/substitution.html", context, status=status)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a substitution before its time."""
    end_substitution(substitution_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("The substitution is over."))
    return redirect("accounts:substitution")


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device; for guests a cookie remembers it. Raises Invalid."""
    theme = request.POST.get("theme", "")
    if theme not in User.Theme.values:
        raise Invalid(_("There is no such theme."))
    if request.user.is_authenticated:
        change_preferences(by=request.user, theme=theme)
    response = HttpResponse(status=204) if request.htmx else redirect(return_address(request, "/"))
    return _remember(with_event(response, "theme", choice=theme), theme=theme)


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """One of the portal's languages; for guests a cookie remembers it. Raises Invalid."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Invalid(_("The portal does not speak this language."))
    if request.user.is_authenticated:
        change_preferences(by=request.user, language=language)
    return _remember(redirect(return_address(request, "/")), language=language)


@require_GET
def people(request: HttpRequest) -> JsonResponse:
    """`{"results": [{"id", "name", "username"}]}`: colleagues whose names hold the words of `q`."""
    found = find_people(by=request.user, text=request.GET.get("q", ""))
    return JsonResponse({"results": [_as_choice(user) for user in found]})


@require_GET
def roles(request: HttpRequest) -> JsonResponse:
    """`{"results": [{"id", "name"}]}`: roles whose names hold the words of `q`."""
    found = find_roles(by=request.user, text=request.GET.get("q", ""))
    return JsonResponse({"results": [{"id": role.pk, "name": role.name} for role in found]})


def _as_choice(user: User) -> dict[str, Any]:
    return {"id": user.pk, "name": str(user), "username": user.username}


def _remember(response: HttpResponse, *, language: str = "", theme: str = "") -> HttpResponse:
    """Keep the choice in the browser, so that the sign-in page looks as its reader likes it."""
    for name, value in ((settings.LANGUAGE_COOKIE_NAME, language), ("theme", theme)):
        if value:
            response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
    return response
