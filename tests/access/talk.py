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
    Door("activities:comments", args=activity("own"), shows=True),
    Door("activities:comment", "POST", activity("own"), given(text="Hello")),
    Door("activities:comment", "POST", managed("task"), given(text="Hello")),
    Door("activities:comment-delete", "POST", comment),
    Door("activities:participant-add", "POST", activity("own"), given(user=carol)),
    Door("activities:participant-remove", "POST", participant),
    Door("activities:connect", "POST", activity("own"), given(record=spare_id)),
    Door("activities:disconnect", "POST", connection),
    Door("activities:remind", "POST", activity("own"), given(at=UNTIL)),
    Door("activities:remind", "POST", managed("task"), given(at=UNTIL)),
    Door("activities:file", args=file, shows=True),
    Door("activities:file-add", "POST", activity("own"), given(file=upload)),
    Door("activities:file-delete", "POST", file),
]
