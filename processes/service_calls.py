"""The Python functions that service tasks call, registered by name by the installation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """What a service function gets.

    `key` is the same at every attempt of the same step: pass it on as an idempotency key, since a worker that is
    killed after the call and before its turn makes the step run again.
    """

    key: str
    instance_id: int
    caption: str
    record_id: int | None
    starter: str
    variables: Mapping[str, Any]
    settings: Mapping[str, Any]
    attempt: int


class BpmnError(Exception):
    """What a service function raises to throw a BPMN error from its task, for an error event to catch by its code.

    Any other exception is an incident.
    """

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


ServiceFunction = Callable[[ServiceCall], Any]
_services: dict[str, ServiceFunction] = {}


def service(name: str) -> Callable[[ServiceFunction], ServiceFunction]:
    """Decorator: register a function as the service `name`; it runs in the worker, outside any transaction.

    What it returns becomes the result of the step; a BpmnError is thrown in the diagram, and any other exception
    becomes an incident with its text.
    Raises ValueError for a second function of that name.
    """

    def register(function: ServiceFunction) -> ServiceFunction:
        if name in _services:
            raise ValueError(f"Two service functions are called {name!r}.")
        _services[name] = function
        return function

    return register


def unregister(name: str) -> None:
    """Forget a service; for tests that register one of their own."""
    del _services[name]


def all_services() -> dict[str, ServiceFunction]:
    """Every registered service by its name."""
    return dict(_services)


def autodiscover() -> None:
    """Import the `process_services` module of every app."""
    autodiscover_modules("process_services")
