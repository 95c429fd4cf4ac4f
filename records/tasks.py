"""What the worker does for the records."""

from celery import shared_task

from records.services import imports


@shared_task(name=imports.RUN)
def run_imports() -> None:
    """After somebody has sent a file on its way, and now and then for what was lost."""
    imports.run_imports()
