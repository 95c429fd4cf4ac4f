"""Addresses in e-mails."""

from django import template

from notifications.links import absolute
from processes.services.steps import step_url

register = template.Library()


@register.simple_tag
def step_address(step_id: int) -> str:
    """Where a step is opened from outside the portal."""
    return absolute(step_url(step_id))
