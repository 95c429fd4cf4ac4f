"""What the worker does for the accounts."""

from celery import shared_task
from django.utils import timezone

from bpm_portal.accounts.services import tell_of_turned_substitutions


@shared_task(name="accounts.tell_of_substitutions")
def tell_of_substitutions() -> None:
    """The beat's look for substitutions that begin or end."""
    tell_of_turned_substitutions(now=timezone.now())
