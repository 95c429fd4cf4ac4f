"""An adapter for each case, closed at its end."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conformance.adapter import PortalAdapter


@pytest.fixture
def play(db: None) -> Iterator[Callable[..., PortalAdapter]]:
    """`play(xml, ...)`: an adapter that has deployed the model; options as those of the adapter."""
    made: list[PortalAdapter] = []

    def make(*models: bytes, **options: Any) -> PortalAdapter:
        given = {"expressions": {}, "script": lambda *_: None, "work_item_kinds": ["userTask"], **options}
        adapter = PortalAdapter(**given)
        made.append(adapter)
        adapter.deploy(*models)
        return adapter

    yield make
    for adapter in made:
        adapter.close()
