"""What the pages of steps offer besides their context."""

from django import template
from django.utils import timezone

from activities import later

register = template.Library()


@register.simple_tag
def postpone_presets() -> list[later.Preset]:
    """The moments to postpone to, the same everywhere."""
    return later.presets(timezone.now())
