"""How the worker shares long work: leases that end by themselves, and jobs that leave the rest to the next one."""

import logging
from datetime import timedelta

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

#: How long a worker holds what it has begun; whoever dies loses it then.
LEASE = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT * 1.5)
#: Seconds of one job; the next one goes on.
PATIENCE = settings.CELERY_TASK_TIME_LIMIT / 2


def wake(task: str) -> None:
    """Ask a worker to run a task soon; a lost call waits for the next tick of the beat."""
    try:
        current_app.send_task(task, ignore_result=True, retry=False, expires=60)
    except (OperationalError, OSError) as error:
        logger.warning("The broker does not answer; %s waits for its next tick: %s", task, error)
