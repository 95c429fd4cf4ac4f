"""Records from files: read, mapped, rehearsed, imported by the service of all records; nothing is lost in silence."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bpm_portal.common import working
from bpm_portal.common.errors import Conflict, Invalid
from records import lifecycle
from records.models import FieldChange, Record, RecordImport
from records.services import imports
from tests import factories

pytestmark = pytest.mark.django_db

RUSSIAN = "Subject;Amount;Signed on;Urgent;Stage;Account;Внешний идентификатор\r\n"


@pytest.fixture
def clerk(client, bob):
    """Bob, who may import, in his browser."""
    bob.user_permissions.add(Permission.objects.get(codename="import_record"))
    client.force_login(bob)
    return client


@pytest.fixture
def heard(monkeypatch):
    """What the upper apps hear."""
    changes = []
    monkeypatch.setattr(lifecycle, "_listeners", [changes.append])
    return changes


def start(contracts, bob, now, text, encoding="utf-8"):
    content = text.encode(encoding)
    return imports.start_import(
        record_type=contracts, file_name="contracts.csv", content=content, by=bob, now=now
    )


def check(work, **changes):
    values = {
        "columns": work.columns,
        "key": work.key,
        "on_problem": "nothing",
        "decimals": work.decimals,
        **changes,
    }
    imports.check_import(work=work, **values)
    imports.run_imports()
    work.refresh_from_db()
    return work


def run(work):
    imports.run_import(work=work)
    imports.run_imports()
    work.refresh_from_db()
    return work


def outcomes(work):
    return [outcome for _line, outcome, _pk in work.results]


def test_a_russian_file_of_a_spreadsheet_is_read_as_it_is_meant(contracts, account, bob, now, heard):
    row = "Трубы;1 234,50;31.03.2026;да;Signed;alpha ltd;K-1\r\n"
    work = start(contracts, bob, now, RUSSIAN + row, "cp1251")
    assert (work.encoding, work.delimiter, work.decimals, work.key) == ("cp1251", ";", "comma", "external_id")
    check(work)
    assert (work.status, outcomes(work), work.problems) == ("checked", ["added"], [])
    assert not Record.objects.of_type("contract").exists()
    run(work)
    assert (work.status, bytes(work.content)) == ("done", b"")
    made = Record.objects.of_type("contract").get()
    assert (made.caption, made.external_id, made.owner) == ("Трубы", "K-1", bob)
    assert made.data == {
        "subject": "Трубы",
        "amount": "1234.5",
        "signed_on": "2026-03-31",
        "urgent": True,
        "stage": "signed",
        "account": {"id": account.pk, "caption": "Alpha Ltd"},
    }
    assert [change.kind for change in heard if change.record.pk == made.pk] == ["added"]


def test_every_problem_is_told_with_its_line_and_column(contracts, contract, bob, now):
    rows = "A;many;soon;maybe;?;Nobody;\r\nB;1;;;;;K-1\r\nC;2;;;;;K-1\r\n;;;;;;\r\nD;3;;;;;;;x\r\n"
    work = check(start(contracts, bob, now, RUSSIAN + rows))
    assert outcomes(work) == ["refused", "added", "refused", "refused"]
    told = {(line, column) for line, column, _sentence in work.problems}
    wrong = ("Amount", "Signed on", "Urgent", "Stage", "Account")
    assert told == {*((2, name) for name in wrong), (4, "Внешний идентификатор"), (6, "")}
    first = check(start(contracts, bob, now, RUSSIAN + "A;many;soon;maybe;?;;\r\n"))
    assert {column for _line, column, _sentence in first.problems} == {
        "Amount",
        "Signed on",
        "Urgent",
        "Stage",
    }
    with pytest.raises(Conflict):
        imports.run_import(work=work)
    assert Record.objects.of_type("contract").count() == 1


def test_bad_rows_are_left_out_where_that_is_wished(contracts, bob, now):
    work = start(contracts, bob, now, "subject,amount\nA,1\nB,many\nC,3\n")
    run(check(work, on_problem="skip"))
    assert outcomes(work) == ["added", "refused", "added"]
    assert sorted(Record.objects.values_list("data__subject", flat=True)) == ["A", "C"]


def test_what_has_become_wrong_since_the_check_undoes_all(contracts, bob, now):
    work = check(start(contracts, bob, now, "subject,external_id\nA,K-1\nB,K-2\n"), key="")
    factories.RecordFactory(record_type=contracts, external_id="K-2")
    run(work)
    assert (work.status, outcomes(work)) == ("checked", ["added", "refused"])
    assert not Record.objects.filter(external_id="K-1").exists()


def test_a_row_whose_record_is_found_changes_it_with_a_history(contracts, contract, bob, now):
    Record.objects.filter(pk=contract.pk).update(external_id="K-1")
    work = start(contracts, bob, now, "external_id,amount,subject\nK-1,250,\nK-1x,7,New\n")
    run(check(work))
    assert outcomes(work) == ["changed", "added"]
    contract.refresh_from_db()
    assert contract.data == {"subject": "Paper", "amount": "250"}
    change = FieldChange.objects.get(record=contract)
    assert (change.field, change.old, change.new, change.by) == ("amount", "100", "250", bob)
    again = start(contracts, bob, now, "external_id,amount\nK-1,250.00\n")
    assert outcomes(run(check(again))) == ["unchanged"]


def test_a_field_may_be_the_key(contracts, contract, bob, now):
    work = start(contracts, bob, now, "Subject,Amount\nPaper,7\n")
    run(check(work, key="field-subject"))
    contract.refresh_from_db()
    assert (outcomes(work), contract.data["amount"]) == (["changed"], "7")
    factories.RecordFactory(record_type=contracts)
    twins = check(start(contracts, bob, now, "Subject,Amount\nPaper,8\n"), key="field-subject")
    assert outcomes(twins) == ["refused"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"subject\n", b"\x00\x01", b"a,b\n" + b"x,y\n" * 10_001, b"x" * (5 * 1024 * 1024 + 1)],
)
def test_files_that_cannot_be_read_are_refused_in_words(contracts, bob, now, content):
    with pytest.raises(Invalid) as caught:
        imports.start_import(record_type=contracts, file_name="x.csv", content=content, by=bob, now=now)
    assert set(caught.value.detail) == {"file"}
    assert not RecordImport.objects.exists()


def test_a_worker_that_died_is_followed_where_it_was(contracts, bob, now, monkeypatch):
    work = start(contracts, bob, now, "subject\n" + "".join(f"S{n}\n" for n in range(250)))
    check(work, on_problem="skip")
    imports.run_import(work=work)
    monkeypatch.setattr(working, "PATIENCE", -1)
    imports.run_imports()
    monkeypatch.setattr(working, "PATIENCE", 60)
    real = imports._note

    def die(work, results, problems):
        real(work, results, problems)
        if work.done == 200:
            raise KeyboardInterrupt

    monkeypatch.setattr(imports, "_note", die)
    with pytest.raises(KeyboardInterrupt):
        imports.run_imports()
    assert Record.objects.count() == 100
    RecordImport.objects.update(claimed_until=None)
    monkeypatch.setattr(imports, "_note", real)
    imports.run_imports()
    work.refresh_from_db()
    assert (work.status, Record.objects.count()) == ("done", 250)
    assert len({pk for _line, _outcome, pk in work.results}) == 250


def test_the_pages_lead_from_the_file_to_the_report(clerk, bob, contracts):
    url = reverse("records:import", args=["contract"])
    assert clerk.get(url).status_code == 200
    assert clerk.post(url, {"file": SimpleUploadedFile("x.csv", b"")}).status_code == 400
    file = SimpleUploadedFile("contracts.csv", b"Subject,Amount\n=1+1,-5\nB,many\n")
    page = clerk.post(url, {"file": file}, follow=True)
    work = RecordImport.objects.get()
    assert "=1+1" in page.content.decode()
    to = reverse("records:import-map", args=[work.pk])
    mapping = {"on_problem": "skip", "decimals": "point", "key": ""}
    assert clerk.post(to, mapping).status_code == 400
    sent = mapping | {"column-0": "field-subject", "column-1": "field-amount"}
    assert clerk.post(to, sent).status_code == 302
    state = reverse("records:import-state", args=[work.pk])
    assert "progress" in clerk.get(state).content.decode()
    imports.run_imports()
    assert clerk.get(state)["HX-Refresh"] == "true"
    page = clerk.get(reverse("records:import-page", args=[work.pk])).content.decode()
    assert "Write a number here." in page
    clerk.post(reverse("records:import-run", args=[work.pk]))
    imports.run_imports()
    assert Record.objects.get().data == {"subject": "=1+1", "amount": "-5"}
    report = clerk.get(reverse("records:import-report", args=[work.pk]))
    rows = list(csv.reader(io.StringIO(b"".join(report.streaming_content).decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["Result", "Added", "Refused"]
    exported = clerk.get(reverse("records:export", args=["contract"]), {"delimiter": ",", "mark": "on"})
    text = b"".join(exported.streaming_content).decode("utf-8-sig")
    assert "'=1+1,-5" in text


def test_without_the_permission_nothing_is_imported(client, bob, mallory, contracts, now):
    work = start(contracts, bob, now, "subject\nA\n")
    for person, status in ((bob, 403), (mallory, 404)):
        client.force_login(person)
        assert client.get(reverse("records:import", args=["contract"])).status_code == status
        assert client.get(reverse("records:import-page", args=[work.pk])).status_code == status
        assert client.post(reverse("records:import-run", args=[work.pk])).status_code == status


def test_an_open_quotation_mark_does_not_swallow_the_rows_below_it(contracts, bob, now):
    with pytest.raises(Invalid) as refused:
        start(contracts, bob, now, 'Subject,Amount\nA,1\n"B,2\nC,3\nD,4\n')
    assert "Line 3" in str(refused.value.detail["file"])
    work = start(contracts, bob, now, 'Subject,Amount\n"Pipes 5"", long\nand more",1\n')
    assert work.total == 1


def test_unicode_text_of_a_spreadsheet_is_read(contracts, bob, now):
    work = check(start(contracts, bob, now, "Subject\tAmount\nТрубы\t5\n", "utf-16"))
    assert (work.encoding, work.delimiter, outcomes(work)) == ("utf-16", "\t", ["added"])


def test_a_separator_of_paragraphs_in_a_cell_is_no_new_row(contracts, bob, now):
    work = check(start(contracts, bob, now, "Subject,Amount\nPipes\u2028and tubes,5\n"))
    assert outcomes(work) == ["added"]


def test_what_a_cell_may_hold_is_said_as_the_file_could_have_it(contracts, bob, now):
    text = "Subject;Amount;Signed on;Stage\nA;1;1.2.26;wrong\n"
    work = check(start(contracts, bob, now, text))
    sentences = " ".join(sentence for _line, _column, sentence in work.problems)
    assert "2026-03-31 or 31.03.2026" in sentences
    labels = [label for _code, label in contracts.fields.get(code="stage").choices]
    assert all(f"“{label}”" in sentences for label in labels)


def test_more_rows_than_fit_into_one_transaction_are_not_offered_as_all_or_nothing(
    contracts, bob, now, clerk, monkeypatch
):
    monkeypatch.setattr(imports, "MOST_AT_ONCE", 2)
    work = start(contracts, bob, now, "Subject,Amount\nA,1\nB,2\nC,3\n")
    page = clerk.get(reverse("records:import-page", args=[work.pk]))
    field = page.context["form"]["on_problem"]
    assert [code for code, _label in field.field.choices] == ["skip"]
    assert field.value() == "skip"
