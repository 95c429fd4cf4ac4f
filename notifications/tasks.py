"""What the worker does for the notifications."""

from celery import shared_task
from django.utils import timezone

from notifications.reminders import ring_due_reminders


@shared_task(name="notifications.ring_reminders")
def ring_reminders() -> None:
    """The beat's look for due reminders."""
    ring_due_reminders(now=timezone.now())
