"""E-mails about news in the administration: what waits, what was sent, what could not be."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications.letters import send_again
from notifications.models import Letter
from notifications.wording import wording
from processes.admin.base import LookOnlyAdmin


@admin.register(Letter)
class LetterAdmin(LookOnlyAdmin):
    """To look at; what was given up can be sent again."""

    list_display = ("about", "user", "status", "error", "attempts", "send_at", "settled_at")
    list_filter = ("status",)
    list_select_related = ("user", "notification")
    search_fields = ("user__username", "user__email")
    actions = ("send_once_more",)
    ordering = ("-id",)

    @admin.display(description=_("about"))
    def about(self, letter: Letter) -> str:
        """The sentence of the news, or the day."""
        if letter.notification is None:
            return str(letter.day)
        return wording(letter.notification.kind).text(letter.notification.data)

    @admin.action(description=_("Send those that were given up again"))
    def send_once_more(self, request: HttpRequest, queryset: QuerySet[Letter]) -> None:
        """Superusers alone come here with a right to change."""
        ids = list(queryset.values_list("pk", flat=True))
        number = send_again(letters=ids, now=timezone.now())
        words = ngettext("%(n)s e-mail waits again.", "%(n)s e-mails wait again.", number) % {"n": number}
        messages.success(request, words)
