"""Folders that servers can reach after they dropped root."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def open_folder() -> Iterator[Path]:
    """A fresh folder that every account can pass through.

    Not one of pytest's: those are closed to others, and each run that starts closes them again, under servers that
    another run has started there.
    """
    with tempfile.TemporaryDirectory(prefix="portal-test-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A fresh folder for one test."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder that the tests of one module share."""
    with open_folder() as folder:
        yield folder
