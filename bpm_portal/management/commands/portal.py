"""`manage.py portal`: the whole portal on this machine, until Ctrl-C."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from bpm_portal.collected import is_fresh
from bpm_portal.supervisor import Supervisor, services

DEMO_ACCOUNTS = ("admin", "anna", "boris", "carla", "dmitri", "mallory")


class Command(BaseCommand):
    help = (
        "Run web, worker and beat, and PostgreSQL and Valkey where no DATABASE_URL or REDIS_URL names them."
    )
    requires_system_checks = ()  # the processes check for themselves, once the database is there

    def add_arguments(self, parser: ArgumentParser) -> None:
        port = int(os.environ.get("PORT", "8000"))
        data = Path(settings.BASE_DIR) / "var" / "portal"
        parser.add_argument("--port", type=int, default=port, help="default: PORT, else 8000")
        parser.add_argument("--data", type=Path, default=data, help="folder of the embedded servers' files")
        parser.add_argument(
            "--demo", action="store_true", help="make the demo data first, where it is not there"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        manage = [sys.executable, "manage.py"]
        preparations = []
        os.environ.setdefault("STATIC_FROM_SOURCE", str(settings.DEBUG))
        if os.environ["STATIC_FROM_SOURCE"].lower() == "false" and not is_fresh():
            preparations.append([*manage, "collect"])
        preparations.append([*manage, "migrate", "--verbosity", "0"])
        if options["demo"]:
            preparations.append([*manage, "demo"])
            os.environ.setdefault("DEMO_HINT", "true")
        port, data = options["port"], options["data"].absolute()
        address = os.environ.setdefault("PORTAL_URL", f"http://127.0.0.1:{port}").rstrip("/")
        data.mkdir(parents=True, exist_ok=True)  # beat keeps its schedule there, also beside outside servers

        def announce() -> None:
            self.stdout.write(f"\nBPM Portal is ready at http://127.0.0.1:{port}/")
            if urlsplit(address).port != port:
                self.stdout.write(f"Links in e-mails lead to {address}/ (PORTAL_URL)")
            if options["demo"]:
                self.stdout.write(f"Sign in as {', '.join(DEMO_ACCOUNTS)}; the password of all is: demo")
            if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
                mails = f"http://127.0.0.1:{port}{reverse('mail:kept-list')}"
                self.stdout.write(f"No e-mail is sent; process administrators (admin) read them at {mails}")
            self.stdout.write("Ctrl-C stops it.\n")
            self.stdout.flush()

        sys.exit(Supervisor(services(port, data), port, data, preparations).run(announce))
