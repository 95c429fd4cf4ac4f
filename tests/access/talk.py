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
    Door(".++++.+", "activities:comments", args=activity("own")),
    Door(".oooo.o", "activities:comment", "POST", activity("own"), given(text="Hello")),
    Door(".oooooo", "activities:comment", "POST", managed("task"), given(text="Hello")),
    Door(".oxxx.o", "activities:comment-delete", "POST", comment),
    Door(".oxxo.o", "activities:participant-add", "POST", activity("own"), given(user=carol)),
    Door(".ooxo.o", "activities:participant-remove", "POST", participant),
    Door(".oxoo.o", "activities:connect", "POST", activity("own"), given(record=spare_id)),
    Door(".oxxo.o", "activities:disconnect", "POST", connection),
    Door(".oxxo.x", "activities:remind", "POST", activity("own"), given(at=UNTIL)),
    Door(".oxooxx", "activities:remind", "POST", managed("task"), given(at=UNTIL)),
    Door(".++++.+", "activities:file", args=file),
    Door(".oooo.o", "activities:file-add", "POST", activity("own"), given(file=upload)),
    Door(".oxxx.o", "activities:file-delete", "POST", file),
]
