"""`bpmn check`, `bpmn deploy` and `api_token`."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from processes.models import Process, ProcessVersion
from tests.processes.conftest import DIAGRAMS

GOOD, WARNED, BAD = (str(DIAGRAMS / f"{name}.bpmn") for name in ("approval", "stuck", "refused"))


def run(*args):
    """(output, exit code)."""
    output = StringIO()
    try:
        call_command(*args, stdout=output, stderr=output)
    except SystemExit as stop:
        return output.getvalue(), stop.code
    return output.getvalue(), 0


def test_a_good_file_can_be_deployed():
    assert run("bpmn", "check", GOOD) == (f"{GOOD}: can be deployed (approval)\n", 0)


def test_a_warning_is_told_and_refuses_nothing():
    output, code = run("bpmn", "check", WARNED)
    assert code == 0
    assert f"{WARNED}:14: warning: " in output
    assert "[split_no_default, fork]" in output


def test_one_bad_file_makes_the_check_fail_with_every_problem():
    output, code = run("bpmn", "check", GOOD, BAD)
    assert code == 1
    assert f"{BAD}:6: error: “dance” has the unknown kind “dance”" in output
    assert "[flow_target, f2]" in output
    assert f"{BAD}: would be refused (refused)" in output
    assert f"{GOOD}: can be deployed (approval)" in output


def test_programs_read_the_report_as_json():
    output, code = run("bpmn", "check", "--json", WARNED, BAD)
    warned, bad = json.loads(output)
    assert code == 1
    assert (warned["file"], warned["ok"], warned["processes"]) == (WARNED, True, ["stuck"])
    assert [problem["severity"] for problem in warned["problems"]] == ["warning"]
    assert bad["ok"] is False
    assert set(bad["problems"][0]) == {"severity", "code", "element", "line", "message"}


def test_what_is_no_diagram_is_a_problem_and_what_is_no_file_an_error(tmp_path):
    text = tmp_path / "notes.bpmn"
    text.write_text("no diagram")
    output, code = run("bpmn", "check", str(text))
    assert (code, "[not_xml]" in output) == (1, True)
    with pytest.raises(CommandError, match=r"missing\.bpmn: No such file"):
        run("bpmn", "check", str(tmp_path / "missing.bpmn"))


@pytest.mark.django_db
def test_deploying_prints_key_and_version(admin):
    assert run("bpmn", "deploy", GOOD, WARNED, "--by", "admin") == ("approval 1\nstuck 1\n", 0)
    assert run("bpmn", "deploy", GOOD) == ("approval 1\n", 0)  # the same file is no new version
    assert {version.deployed_by for version in ProcessVersion.objects.all()} == {admin}


@pytest.mark.django_db
def test_a_refused_diagram_stores_nothing(admin):
    with pytest.raises(CommandError, match="nothing of it was stored"):
        run("bpmn", "deploy", BAD)
    assert not Process.objects.exists()


@pytest.mark.django_db
def test_only_those_who_may_deploy_are_named(mallory):
    with pytest.raises(CommandError, match="not allowed"):
        run("bpmn", "deploy", GOOD, "--by", "mallory")
    with pytest.raises(CommandError, match="no active user “zoe”"):
        run("bpmn", "deploy", GOOD, "--by", "zoe")
    assert not Process.objects.exists()


@pytest.mark.django_db
def test_a_token_stays_the_same_until_a_new_one_is_asked_for(bob, client):
    token, _code = run("api_token", "bob")
    assert run("api_token", "bob")[0] == token
    headers = {"Authorization": f"Token {token.strip()}"}
    assert client.get("/api/v1/processes/", headers=headers).status_code == 200
    fresh, _code = run("api_token", "bob", "--new")
    assert fresh != token
    assert client.get("/api/v1/processes/", headers=headers).status_code == 401
    with pytest.raises(CommandError, match="no active user"):
        run("api_token", "zoe")
