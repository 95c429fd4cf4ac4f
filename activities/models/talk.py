"""Who else takes part in an activity, what is said about it, and the files that belong to it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity


class OfActivityQuerySet(QuerySet[Any]):
    """Rows that belong to an activity: whoever sees the activity sees them."""

    def visible_to(self, user: Any) -> Self:
        """Those of activities that the user may see."""
        return self.filter(activity__in=Activity.objects.visible_to(user))


class Participant(models.Model):
    """A person who takes part: sees the activity and joins the talk, without having to do it."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="participants", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="participations")

    class Meta:
        """Each person once; read from both sides."""

        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = (models.UniqueConstraint("activity", "user", name="participant_once"),)

    def __str__(self) -> str:
        return f"{self.activity_id} - {self.user_id}"


class Comment(models.Model):
    """Something said about an activity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="comments", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("written"))

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        """Read per activity, oldest first."""

        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = (models.Index(fields=("activity", "id"), name="comment_by_activity"),)

    def __str__(self) -> str:
        return self.text[:60]


class Attachment(models.Model):
    """A file of an activity; stored under a random name, served only after a look at who asks."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to="", max_length=100)
    name = models.CharField(_("name"), max_length=200)  # as it was called where it came from
    size = models.PositiveBigIntegerField(_("size"))  # bytes
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"))

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        """Read per activity."""

        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name
