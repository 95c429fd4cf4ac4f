"""Files of activities: kept under random names, limited, served as downloads to who sees the activity."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from activities import services
from activities.models import Activity, Attachment
from bpm_portal.common.errors import Conflict, Forbidden, Invalid, NotFound
from tests.activities.pages import page, said, text


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Uploads go where the test ends."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(name="offer.pdf", content=b"%PDF-1.7"):
    return SimpleUploadedFile(name, content)


def attach(activity, by, now, **options):
    return services.attach_file(activity_id=activity.pk, upload=upload(**options), by=by, now=now)


def kept(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_name_on_the_disk_tells_nothing(task, bob, now, folder):
    attachment = attach(task, bob, now, name="../../Offer for Alpha.PDF")
    assert (attachment.name, attachment.size) == ("Offer for Alpha.PDF", 8)
    (path,) = kept(folder)
    assert path.read_bytes() == b"%PDF-1.7"
    assert len(path.name) == 32
    assert path.suffix == ""


@pytest.mark.parametrize("name", ["page.html", "run.exe", "picture.svg", "noending", "archive.pdf.js", ""])
def test_other_types_are_refused(task, bob, now, folder, name):
    with pytest.raises(Invalid):
        services.attach_file(activity_id=task.pk, upload=_named(name), by=bob, now=now)
    assert not kept(folder)


def _named(name):
    file = upload()
    file._name = name
    return file


def test_empty_and_large_ones_are_refused(task, bob, now, settings, folder):
    settings.ATTACHMENT_SIZE = 10
    for content in (b"", b"x" * 11):
        with pytest.raises(Invalid):
            attach(task, bob, now, content=content)
    attach(task, bob, now, content=b"x" * 10)
    assert len(kept(folder)) == 1


def test_final_ones_and_those_of_others_take_no_file(task, bob, mallory, now, folder):
    with pytest.raises(NotFound):
        attach(task, mallory, now)
    Activity.objects.filter(pk=task.pk).update(status="completed", closed_at=now)
    with pytest.raises(Conflict):
        attach(task, bob, now)
    assert not kept(folder)


def test_it_is_a_download_whatever_it_says_it_is(as_bob, task, alice, now):
    attachment = attach(task, alice, now, name="Angebot № 5.txt", content=b"<script>alert(1)</script>")
    response = as_bob.get(f"/activities/files/{attachment.pk}/")
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Angebot")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_nobody_else_gets_it_by_any_address(as_mallory, client, task, bob, now):
    attachment = attach(task, bob, now)
    assert as_mallory.get(f"/activities/files/{attachment.pk}/").status_code == 404
    assert as_mallory.post(f"/activities/files/{attachment.pk}/delete/").status_code == 404
    for address in (
        f"/media/{attachment.file.name}",
        f"/{attachment.file.name}",
        f"/static/{attachment.file.name}",
    ):
        assert as_mallory.get(address).status_code == 404
    as_mallory.logout()
    assert as_mallory.get(f"/activities/files/{attachment.pk}/").status_code == 302


def test_who_added_it_or_owns_the_activity_takes_it_away(
    task, alice, bob, carol, now, folder, django_capture_on_commit_callbacks
):
    services.add_participant(activity_id=task.pk, user=carol, by=bob, now=now)
    attachment = attach(task, alice, now)
    with pytest.raises(Forbidden):
        services.delete_attachment(attachment_id=attachment.pk, by=carol)
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_attachment(attachment_id=attachment.pk, by=bob)
    assert not Attachment.objects.exists()
    assert not kept(folder)
    own = attach(task, carol, now)
    services.delete_attachment(attachment_id=own.pk, by=carol)


def test_the_page_takes_lists_and_deletes_files(as_bob, task):
    as_bob.post(page(task, "files/add/"), {"file": upload()})
    attachment = Attachment.objects.get()
    body = text(as_bob.get(page(task)))
    assert "offer.pdf" in body
    assert f"/activities/files/{attachment.pk}/" in body
    response = as_bob.post(page(task, "files/add/"), {"file": upload(name="page.html")})
    assert said(response)[0].startswith("Files of this type are not kept.")
    as_bob.post(f"/activities/files/{attachment.pk}/delete/")
    assert not Attachment.objects.exists()
    assert as_bob.post(page(task, "files/add/")).status_code == 302
