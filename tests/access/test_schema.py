"""The schema of the API says what is answered: every answer at every door of programs is held against it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from tests.access.doors import PEOPLE, Door
from tests.access.programs import PROGRAMS
from tests.access.test_doors import knock, tried

pytestmark = pytest.mark.django_db
JSON = "application/json"
NOTHING = {"type": "null"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """All of it, as JSON Schema would say it."""
    found: dict[str, Any] = as_json_schema(SchemaGenerator().get_schema(request=None, public=True))
    return found


def as_json_schema(part: Any) -> Any:
    """OpenAPI 3.0 has a word of its own for what may be null."""
    if isinstance(part, list):
        return [as_json_schema(each) for each in part]
    if not isinstance(part, dict):
        return part
    plain = {key: as_json_schema(value) for key, value in part.items() if key != "nullable"}
    return {"anyOf": [plain, NOTHING]} if part.get("nullable") is True else plain


def operation_of(schema: dict[str, Any], door: Door, world: Any) -> dict[str, Any]:
    """What the schema says about the door; addresses without a placeholder come first."""
    address = reverse(door.name, args=door.args(world))
    for path, methods in sorted(schema["paths"].items(), key=lambda entry: "{" in entry[0]):
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", path), address):
            found: dict[str, Any] = methods[door.method.lower()]
            return found
    raise AssertionError(f"the schema does not know {address}")


def problems(schema: dict[str, Any], operation: dict[str, Any], response: HttpResponse) -> Iterator[str]:
    """What an answer has that the schema has not, or the other way round."""
    described = operation["responses"].get(str(response.status_code))
    if described is None and response.status_code < 400:
        yield f"{response.status_code} is not in the schema"
    elif described is None or response.status_code >= 400:
        if set(response.json()) != {"code", "message", "detail"}:
            yield f"{response.status_code} has another shape"
    elif JSON in described.get("content", {}):
        wanted = {**described["content"][JSON]["schema"], "components": schema["components"]}
        for error in Draft202012Validator(wanted).iter_errors(response.json()):
            yield f"{error.json_path}: {error.message}"
    elif response.content:
        yield f"{response.status_code} has a body"


@pytest.mark.parametrize("door", PROGRAMS, ids=lambda door: door.id)
def test_what_is_answered_is_what_the_schema_says(made_world, db, signed_in, schema, door) -> None:
    operation = operation_of(schema, door, made_world)
    found = []
    for name in PEOPLE.values():
        with tried():
            response = knock(door, made_world, signed_in[name])
            found += [f"{name}: {problem}" for problem in problems(schema, operation, response)]
    assert not found
