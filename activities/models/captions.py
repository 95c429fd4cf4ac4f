"""Records whose caption has changed while copies of the old one still stand elsewhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from records.models import Record


class CaptionChange(models.Model):
    """Written with the change, deleted by the worker once every copy is up to date."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(_("time"))

    class Meta:
        """A handful of rows at any time."""

        verbose_name = _("change of a caption")
        verbose_name_plural = _("changes of captions")

    def __str__(self) -> str:
        return str(self.record_id)
