"""The table of all doors: one entry for each address and method, with who may pass and who may not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.world import DIAGRAM, World

GONE, FORBIDDEN, REFUSED, HERS = {404}, {403}, {400}, {200, 204, 302}
OK = {200, 201, 204, 302}
Args = Callable[[World], tuple[Any, ...]]
Data = Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Door:
    """An address with a method.

    `mallory` is what an intruder gets; `shows` says that the body of whom it is for (`who`) has the secret in it.
    """

    name: str
    method: str = "GET"
    args: Args = lambda world: ()
    data: Data = lambda world: {}
    mallory: set[int] = field(default_factory=lambda: GONE)
    who: str = "bob"
    ok: set[int] = field(default_factory=lambda: OK)
    shows: bool = False
    is_api: bool = False

    @property
    def id(self) -> str:
        """The name of its test."""
        return f"{self.method} {self.name}"


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


def notification(world: World) -> tuple[int]:
    return (world.notification.pk,)


def filter_(world: World) -> tuple[int]:
    return (world.filter.pk,)


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


ACTIVITY = {
    "title": "Call back", "category": "task", "priority": "2", "starts_at": "2026-03-03T10:00",
}  # fmt: skip
UNTIL = "2999-01-01T10:00"
