"""The doors of what belongs to an activity: comments, participants, records, reminder, files."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.doors import UNTIL, Door, activity, carol, given, managed
from tests.access.world import World


def comment(world: World) -> tuple[int]:
    return (world.comment.pk,)


def file(world: World) -> tuple[int]:
    return (world.file.pk,)


def participant(world: World) -> tuple[int, int]:
    return (world.activities["own"].pk, world.carol.pk)


def connection(world: World) -> tuple[int, int]:
    return (world.activities["own"].pk, world.spare.pk)


def spare_id(world: World) -> int:
    return world.spare.pk


def upload(world: World) -> SimpleUploadedFile:
    return SimpleUploadedFile("plan.txt", b"plan")


TALK = [
    Door(".++.+.+", "activities:comments", args=activity("own")),
    Door(".oo.o.o", "activities:comment", "POST", activity("own"), given(text="Hello")),
    Door(".oo.ooo", "activities:comment", "POST", managed("task"), given(text="Hello")),
    Door(".ox.x.o", "activities:comment-delete", "POST", comment),
    Door(".ox.o.o", "activities:participant-add", "POST", activity("own"), given(user=carol)),
    Door(".oo.o.o", "activities:participant-remove", "POST", participant),
    Door(".ox.o.o", "activities:connect", "POST", activity("own"), given(record=spare_id)),
    Door(".ox.o.o", "activities:disconnect", "POST", connection),
    Door(".ox.o.x", "activities:remind", "POST", activity("own"), given(at=UNTIL)),
    Door(".ox.oxx", "activities:remind", "POST", managed("task"), given(at=UNTIL)),
    Door(".++.+.+", "activities:file", args=file),
    Door(".oo.o.o", "activities:file-add", "POST", activity("own"), given(file=upload)),
    Door(".ox.x.o", "activities:file-delete", "POST", file),
]
