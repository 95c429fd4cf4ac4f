"""`manage.py bpmn check FILE...` and `bpmn deploy FILE...`: diagrams and decisions from the command line."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bpm_portal.accounts.models import User
from bpm_portal.common.errors import BusinessError
from processes.engine.problems import Problem
from processes.engine.reading.xml import MAX_BYTES
from processes.engine.supported import supported_table
from processes.errors import DeployRefused, problem_as_dict
from processes.services.definitions import Checked, File, check_files, deploy_files


class Command(BaseCommand):
    """Check diagrams as a deployment would, or deploy them."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One sub-command each."""
        commands = parser.add_subparsers(dest="command", required=True)
        check = commands.add_parser("check", help="list every problem; 1 if a file would be refused")
        check.add_argument("files", nargs="+", type=Path, metavar="FILE")
        check.add_argument("--json", action="store_true", dest="as_json", help="for programs")
        commands.add_parser("elements", help="what can be run, as the README lists it")
        deploy = commands.add_parser(
            "deploy", help="store each process as its new current version, with the DMN files it decides by"
        )
        deploy.add_argument("files", nargs="+", type=Path, metavar="FILE")
        deploy.add_argument("--by", metavar="USER", help="deploy in the name of this user")

    def handle(self, *args: Any, command: str, **options: Any) -> None:
        """Django calls it."""
        commands = {"check": self._check, "deploy": self._deploy, "elements": self._elements}
        commands[command](options)

    def _elements(self, options: dict[str, Any]) -> None:
        self.stdout.write(supported_table())

    def _check(self, options: dict[str, Any]) -> None:
        try:
            checked = check_files([read(file) for file in options["files"]])
        except BusinessError as refusal:
            raise CommandError(refusal.message) from refusal
        reports = [report_of(each) for each in checked]
        if options["as_json"]:
            self.stdout.write(json.dumps(reports, ensure_ascii=False, indent=2))
        else:
            for report in reports:
                self._tell(report)
        if not all(report["ok"] for report in reports):
            sys.exit(1)

    def _tell(self, report: dict[str, Any]) -> None:
        for problem in report["problems"]:
            self.stdout.write(line_of(report["file"], problem))
        verdict = "can be deployed" if report["ok"] else "would be refused"
        names = f" ({', '.join(report['processes'])})" if report["processes"] else ""
        self.stdout.write(f"{report['file']}: {verdict}{names}")

    def _deploy(self, options: dict[str, Any]) -> None:
        by = find_user(options["by"]) if options["by"] else None
        try:
            files = [read(file) for file in options["files"]]
            versions = deploy_files(files=files, by=by, now=timezone.now())
        except DeployRefused as refusal:
            for problem in refusal.problems:
                self.stderr.write(line_of(problem.file, problem_as_dict(problem)))
            raise CommandError(refusal.message) from refusal
        except BusinessError as refusal:
            raise CommandError(refusal.message) from refusal
        for version in versions:
            self.stdout.write(f"{version.process.key} {version.number}")


def report_of(checked: Checked) -> dict[str, Any]:
    """What `check --json` says about one file; its problems do not name it again."""
    problems = [problem_as_dict(replace(each, file="")) for each in sorted(checked.problems, key=_place)]
    return {
        "file": checked.file.name,
        "ok": not checked.errors,
        "processes": [definition.id for definition in checked.definitions],
        "problems": problems,
    }


def _place(problem: Problem) -> tuple[int, str]:
    return problem.line, problem.severity


def line_of(file: str, problem: dict[str, Any]) -> str:
    """`diagram.bpmn:12: error: ... [code, element]`, as editors understand it."""
    marks = ", ".join(mark for mark in (problem["code"], problem["element"]) if mark)
    return f"{file}:{problem['line']}: {problem['severity']}: {problem['message']} [{marks}]"


def read(file: Path) -> File:
    """A file, no more of it than is accepted anyway. Raises CommandError."""
    try:
        with file.open("rb") as stream:
            return File(str(file), stream.read(MAX_BYTES + 1))
    except OSError as problem:
        raise CommandError(f"{file}: {problem.strerror}") from problem


def find_user(name: str) -> User:
    """The user of that name. Raises CommandError."""
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user “{name}”.")
    return user
