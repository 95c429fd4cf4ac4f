"""Addresses in e-mails, and who may read those that were kept."""

from typing import Any

from django import template

from notifications import kept_mail
from notifications.links import absolute
from processes.services.steps import step_url

register = template.Library()


@register.simple_tag
def step_address(step_id: int) -> str:
    """Where a step is opened from outside the portal."""
    return absolute(step_url(step_id))


@register.simple_tag
def may_read_mail(user: Any) -> bool:
    """Whether the menu leads to the e-mails that were kept."""
    return kept_mail.may_read_mail(user)
