"""`manage.py api_token USER`: print the token with which a program acts for this user."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from rest_framework.authtoken.models import Token

from bpm_portal.management.commands.bpmn import find_user


class Command(BaseCommand):
    """Make a token, or print the one that there is."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose token; `--new` makes the old one invalid."""
        parser.add_argument("user", metavar="USER")
        parser.add_argument(
            "--new", action="store_true", help="replace the token; the old one is invalid at once"
        )

    def handle(self, *args: Any, user: str, new: bool, **options: Any) -> None:
        """Django calls it."""
        owner = find_user(user)
        if new:
            Token.objects.filter(user=owner).delete()
        token, _is_new = Token.objects.get_or_create(user=owner)
        self.stdout.write(token.key)
