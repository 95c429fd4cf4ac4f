"""Keep the translations: `translations --extract`, `--check`, `--compile`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bpm_portal import catalogues
from bpm_portal.texts import UnreadableError, find_texts, languages, merge, problems


class Command(BaseCommand):
    """Works without gettext's own tools."""

    help = "Collect texts into the catalogues, compile them, or check that nothing is untranslated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One thing at a time."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--extract", action="store_true", help="collect texts; known translations stay")
        what.add_argument("--check", action="store_true", help="fail where a translation is missing or wrong")
        what.add_argument("--compile", action="store_true", help="write the .mo files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one thing."""
        if options["compile"]:
            catalogues.main()
            return
        try:
            texts = find_texts()
        except UnreadableError as error:
            raise CommandError(str(error)) from error
        found = 0
        for language, path in languages().items():
            if options["extract"]:
                merged = merge(texts, path, language)
                merged.save(str(path))
                self.stdout.write(
                    f"{language}: {len(merged)} texts, {len(merged.untranslated_entries())} to translate"
                )
                continue
            for problem in problems(texts, path):
                found += 1
                self.stderr.write(f"{language}: {problem}")
        if found:
            raise CommandError(f"{found} problems. Collect with `translations --extract`, then translate.")
        if options["check"]:
            self.stdout.write(f"All {len(texts)} texts are translated.")
