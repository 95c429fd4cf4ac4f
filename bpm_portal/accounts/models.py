"""Users: who performs, who manages whom, who stands in for whom, and how each likes to see the portal."""

import zoneinfo

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from bpm_portal.accounts.querysets import SubstitutionQuerySet


def check_time_zone(name: str) -> None:
    """Refuse a name that is no IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone; write it like Europe/Berlin."), params={"name": name}
        )


class User(AbstractUser):
    """A person; roles are Django groups."""

    class Theme(models.TextChoices):
        """How the pages look."""

        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    manager = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[check_time_zone])
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.AUTO)

    class Meta(AbstractUser.Meta):
        """The words of the admin."""

        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Substitution(models.Model):
    """While somebody is away, what processes ask of him also reaches his substitute, who acts on his behalf."""

    absent = models.ForeignKey(
        User, models.CASCADE, related_name="substitutions", verbose_name=_("who is away"), db_index=False
    )
    substitute = models.ForeignKey(
        User, models.CASCADE, related_name="+", verbose_name=_("substitute"), db_index=False
    )
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)  # not in force any more; empty: open
    created_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
        db_index=False,
    )
    created_at = models.DateTimeField(_("created"))
    # When open pages last heard of it: its beginning and its end by time are told once each.
    told_at = models.DateTimeField(_("told"))

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        """Asked by the substitute at every page; by the absent person when news is told."""

        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        constraints = (
            models.CheckConstraint(
                name="substitution_not_of_oneself", condition=~models.Q(absent=models.F("substitute"))
            ),
            models.CheckConstraint(
                name="substitution_ends_after_it_begins",
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
            ),
        )
        indexes = (
            models.Index(fields=("substitute", "since"), name="substitution_by_substitute"),
            models.Index(fields=("absent", "since"), name="substitution_by_absent"),
        )

    def __str__(self) -> str:
        return f"{self.substitute} - {self.absent}"
