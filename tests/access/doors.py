"""The table of all doors: one entry for each address and method, with what becomes of each person who tries it.

How to add a door: write `Door("???????", "app:name", "POST", args, data)` into `pages.py` (addresses of people),
`talk.py` (what belongs to an activity) or `programs.py` (the API). In place of the question marks write what each
person ought to get, a letter for each in the order of PEOPLE:

    + through, and the secret word is in the answer     x 403, may not
    o through, and nothing of it is in the answer       . 404, there is no such thing for this person
    ? 400, refused for what was sent                    ! 409, comes too late

Each letter is a test; so is that strangers are asked to sign in, and that whoever is refused has changed nothing.
A door of an object needs the object in `world.py`, with the secret word in its caption.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bpm_portal.accounts.models import Substitution
from tests.access.world import DIAGRAM, World

#: The columns: who tries, by the names of `world.py`. The secret objects are bob's, or of the role of bob and carol.
PEOPLE = {
    "intruder": "mallory",
    "performer": "bob",
    "colleague": "carol",
    "substitute": "dave",
    "starter": "alice",
    "process-admin": "petra",
    "superuser": "admin",
}
STATUSES = {404: ".", 403: "x", 400: "?", 409: "!", **dict.fromkeys((200, 201, 202, 204, 302), "o")}
THROUGH = "+o"
Args = Callable[[World], tuple[Any, ...]]
Data = Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Door:
    """An address with a method; `may` has a letter for each of PEOPLE."""

    may: str
    name: str
    method: str = "GET"
    args: Args = lambda world: ()
    data: Data = lambda world: {}
    is_api: bool = False

    @property
    def id(self) -> str:
        """The name of its tests."""
        return f"{self.method} {self.name}"

    @property
    def opens_for(self) -> str:
        """The name of the first person that it is for."""
        for name, letter in zip(PEOPLE.values(), self.may, strict=True):
            if letter in THROUGH and name != "mallory":
                return name
        return "admin"


def step(name: str) -> Args:
    return lambda world: (world.steps[name].pk,)


def activity(name: str) -> Args:
    return lambda world: (world.activities[name].pk,)


def managed(name: str) -> Args:
    return lambda world: (world.steps[name].activity_id,)


def given(**values: Any) -> Data:
    """Data with functions of the world called."""
    return lambda world: {name: v(world) if callable(v) else v for name, v in values.items()}


def contract(world: World) -> tuple[int]:
    return (world.contract.pk,)


def spare(world: World) -> tuple[int]:
    return (world.spare.pk,)


def section(world: World) -> tuple[str]:
    return ("contract",)


def key(world: World) -> tuple[str]:
    return ("secret",)


def instance(world: World) -> tuple[int]:
    return (world.instance.pk,)


def card(world: World) -> dict[str, Any]:
    step = world.steps["question"]
    return {"instance": step.instance_id, "element": step.element_id, "role": world.role.pk}


def notification(world: World) -> tuple[int]:
    return (world.notification.pk,)


def substitution(world: World) -> tuple[int]:
    return (Substitution.objects.get().pk,)


def unassigned_id(world: World) -> int:
    return world.steps["task"].pk


def filter_(world: World) -> tuple[str, int]:
    return ("activities", world.filter.pk)


def activities_list(world: World) -> tuple[str]:
    return ("activities",)


def job(world: World) -> tuple[int]:
    return (world.job.pk,)


def import_(world: World) -> tuple[int]:
    return (world.import_.pk,)


def csv_file(world: World) -> SimpleUploadedFile:
    return SimpleUploadedFile("secret.csv", b"caption\nNew\n")


def role(world: World) -> int:
    return world.role.pk


def contract_id(world: World) -> int:
    return world.contract.pk


def call(world: World) -> int:
    return world.activities["own"].pk


def diagram_file(world: World) -> SimpleUploadedFile:
    return SimpleUploadedFile("secret.bpmn", DIAGRAM)


def bob(world: World) -> int:
    return world.bob.pk


def carol(world: World) -> int:
    return world.carol.pk


MAPPING = {"column-0": "caption", "key": "", "on_problem": "nothing", "decimals": "point"}
ACTIVITY = {
    "title": "Call back", "category": "task", "priority": "2", "starts_at": "2026-03-03T10:00",
}  # fmt: skip
UNTIL = "2999-01-01T10:00"
