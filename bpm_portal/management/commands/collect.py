"""`manage.py collect`: static files named by hash and compressed, unless they are already."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bpm_portal import collected


class Command(BaseCommand):
    help = "Collect static files for production (STATIC_FROM_SOURCE=false) unless nothing has changed."
    requires_system_checks = ()  # they would ask for the very files

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.STATIC_FROM_SOURCE:
            raise CommandError("Set STATIC_FROM_SOURCE=false, as it is where the portal then runs.")
        if not collected.is_fresh():
            collected.collect()
