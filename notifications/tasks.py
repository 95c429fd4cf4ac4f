"""What the worker does for the notifications."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from notifications import letters
from notifications.digest import make_digests
from notifications.forsaken import tell_of_forsaken_steps
from notifications.reminders import ring_due_reminders


@shared_task(name="notifications.ring_reminders")
def ring_reminders() -> None:
    """The beat's look for due reminders."""
    ring_due_reminders(now=timezone.now())


@shared_task(name="notifications.tell_of_forsaken_steps")
def tell_of_forsaken() -> None:
    """The beat's look for work that nobody can do any more."""
    tell_of_forsaken_steps(now=timezone.now())


@shared_task(name="notifications.send_letters")
def send_letters() -> None:
    """Send what waits, as long as the mail server takes it and the task may run."""
    letters.send_letters(patience=settings.CELERY_TASK_SOFT_TIME_LIMIT - settings.EMAIL_TIMEOUT - 10)


@shared_task(name="notifications.make_digests")
def make_daily_letters() -> None:
    """Now and then, for everybody whose hour has come."""
    make_digests(now=timezone.now())
