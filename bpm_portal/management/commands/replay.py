"""`manage.py replay INSTANCE...`: play journals again and say what is otherwise in the rows."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bpm_portal.common.errors import BusinessError
from processes.models import ProcessInstance
from processes.services.replaying import differences


class Command(BaseCommand):
    """Compare instances with what their journals say; 1 where any differs."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ids of instances."""
        parser.add_argument("instances", nargs="+", type=int, metavar="INSTANCE")

    def handle(self, *args: Any, instances: list[int], **options: Any) -> None:
        """Django calls it."""
        found = ProcessInstance.objects.in_bulk(instances)
        is_same = True
        for instance_id in instances:
            if instance_id not in found:
                raise CommandError(f"There is no instance {instance_id}.")
            try:
                lines = differences(found[instance_id])
            except BusinessError as refusal:
                raise CommandError(f"{instance_id}: {refusal.message}") from refusal
            is_same = is_same and not lines
            for line in lines or ["the rows are what the journal says"]:
                self.stdout.write(f"{instance_id}: {line}")
        if not is_same:
            sys.exit(1)
