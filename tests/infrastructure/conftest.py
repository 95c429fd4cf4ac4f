"""Folders that servers can reach after they dropped root: pytest's own are closed to others."""

import tempfile
from pathlib import Path

import pytest


def open_the_way(folder: Path) -> Path:
    """Let every account pass through the folders between the system's temporary one and `folder`."""
    ceiling = Path(tempfile.gettempdir()).resolve()
    for part in (folder, *folder.parents):
        if part == ceiling:
            break
        part.chmod(0o711)
    return folder


@pytest.fixture
def open_path(tmp_path: Path) -> Path:
    """A fresh folder for one test."""
    return open_the_way(tmp_path)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the tests of one module share."""
    return open_the_way(tmp_path_factory.mktemp("embedded"))
