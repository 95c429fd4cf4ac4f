"""What the worker does for the activities."""

from celery import shared_task

from activities import captions


@shared_task(name=captions.CARRY)
def carry_captions() -> None:
    """After a record got another caption, and now and then for what was lost."""
    captions.carry_captions()
