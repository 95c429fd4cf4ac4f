"""Diagrams and the DMN files of their decisions, deployed beside each other from the API, the page and the shell."""

import json
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from processes.compiled import definition_of
from processes.models import Process, ProcessVersion, ProcessVersionFile
from processes.services import instances
from tests.processes.conftest import DIAGRAMS

pytestmark = pytest.mark.django_db
URL = "/api/v1/processes/"
BPMN, DMN = DIAGRAMS / "discount.bpmn", DIAGRAMS / "discount.dmn"


def uploads(*paths, **changed):
    """Files for a multipart form; `changed` are sources to send in their stead, by stem and suffix."""
    sources = [changed.get(path.name.replace(".", "_"), path.read_bytes()) for path in paths]
    return {
        "file": [SimpleUploadedFile(path.name, source) for path, source in zip(paths, sources, strict=True)]
    }


def test_the_api_takes_a_diagram_with_its_decisions_and_a_version_keeps_them(api, role, bob, admin, now):
    answer = api(admin).post(URL, uploads(BPMN, DMN))
    assert (answer.status_code, answer.json()["version"], answer.json()["warnings"]) == (201, 1, [])
    assert api(admin).post(URL, uploads(BPMN, DMN)).json()["version"] == 1
    process = Process.objects.get()
    first = instances.start_process(process=process, by=bob, now=now, variables={"amount": 2000})
    assert first.variables == {"amount": 2000, "discount": 200}
    half = DMN.read_bytes().replace(b"amount * 0.1", b"amount * 0.5")
    assert api(admin).post(URL, uploads(BPMN, DMN, discount_dmn=half)).json()["version"] == 2
    second = instances.start_process(process=process, by=bob, now=now, variables={"amount": 2000})
    assert second.variables["discount"] == 1000
    definition_of.cache_clear()
    decision = definition_of(first.version_id).elements["decide"].decision
    assert decision.decide({"amount": 2000}, now) == 200
    assert [bytes(file.source) for file in ProcessVersionFile.objects.order_by("id")] == [
        DMN.read_bytes(),
        half,
    ]


def test_the_api_refuses_a_diagram_without_its_decisions_and_decisions_without_a_diagram(api, admin):
    for files, code in ((uploads(BPMN), "decision_unknown"), (uploads(DMN), "decisions_alone")):
        answer = api(admin).post(URL, files)
        assert answer.status_code == 400
        assert [problem["code"] for problem in answer.json()["detail"]["problems"]] == [code]
    broken = uploads(BPMN, DMN, discount_dmn=DMN.read_bytes().replace(b"#grade", b"#gone"))
    [problem] = api(admin).post(URL, broken).json()["detail"]["problems"]
    assert (problem["file"], problem["code"], problem["element"], problem["line"]) == (
        "discount.dmn", "decision_requires", "discount", 16,
    )  # fmt: skip
    assert not ProcessVersion.objects.exists()


def test_only_what_a_process_decides_by_is_kept_with_it(api, admin):
    source = DMN.read_bytes()
    for name in (b"discount", b"grade", b"amount_input"):
        source = source.replace(b'id="%s"' % name, b'id="%s_2"' % name).replace(
            b"#%s" % name, b"#%s_2" % name
        )
    other = SimpleUploadedFile("other.dmn", source)
    files = uploads(BPMN, DMN)
    files["file"].append(other)
    assert api(admin).post(URL, files).status_code == 201
    assert [file.name for file in ProcessVersionFile.objects.all()] == ["discount.dmn"]


def test_the_page_takes_several_files_and_gives_them_back_to_who_may_see_the_process(
    as_user, role, admin, bob, mallory
):
    client = as_user(admin)
    refused = client.post(reverse("processes:deploy"), uploads(BPMN))
    assert refused.status_code == 400
    assert "give its DMN file with the diagram" in refused.content.decode()
    twice = client.post(reverse("processes:deploy"), uploads(DMN, DMN))
    assert "Two files are called “discount.dmn”." in twice.content.decode()
    done = client.post(reverse("processes:deploy"), uploads(BPMN, DMN))
    assert done.url == reverse("processes:process", args=["discount-process"])
    address = reverse("processes:version", args=["discount-process", 1]) + "?file=discount.dmn"
    client = as_user(bob)
    assert address in client.get(done.url).content.decode()
    assert client.get(address).content == DMN.read_bytes()
    assert client.get(address + "x").status_code == 404
    assert as_user(mallory).get(address).status_code == 404


def test_the_shell_sees_files_beside_each_other():
    out = StringIO()
    call_command("bpmn", "check", str(BPMN), str(DMN), "--json", stdout=out)
    diagram, decisions = json.loads(out.getvalue())
    assert (diagram["ok"], diagram["processes"]) == (True, ["discount-process"])
    assert (decisions["ok"], decisions["processes"], decisions["problems"]) == (True, [], [])
    with pytest.raises(SystemExit):
        call_command("bpmn", "check", str(BPMN), stdout=out)
    assert f"{BPMN}:7: error: “decide” refers to the decision “discount”" in out.getvalue()
    call_command("bpmn", "deploy", str(BPMN), str(DMN), stdout=out)
    assert out.getvalue().endswith("discount-process 1\n")
    with pytest.raises(CommandError, match="nothing of it was stored"):
        call_command("bpmn", "deploy", str(DMN), stderr=out)
