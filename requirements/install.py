"""Make .venv and install a locked list into it: `python3 requirements/install.py base|dev`.

Needs nothing but Python. Does nothing while the lock is unchanged. The wheels of embedded.txt (PostgreSQL,
Valkey, Node.js) are installed only where the machine lacks one of them.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)


def works() -> bool:
    """Whether .venv has a Python that starts and is of this version (the system's may have been replaced)."""
    if not PYTHON.exists():
        return False
    code = "import sys, pip; print(*sys.version_info[:2])"
    answer = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True)
    return answer.stdout.split() == [str(part) for part in sys.version_info[:2]]


def install(name: str) -> None:
    """Install `name`.txt unless the very same lock was installed before."""
    lock = HERE / f"{name}.txt"
    stamp = VENV / f"{name}.installed"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing requirements/{name}.txt", flush=True)
    pip = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True, stdin=subprocess.DEVNULL)
    stamp.write_text(wanted)


def machine_lacks() -> list[str]:
    """Return which of the programs in embedded.txt are not on the machine."""
    code = "from bpm_portal.embedded.programs import missing_programs; print(*missing_programs())"
    answer = subprocess.run([PYTHON, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return answer.stdout.split()


def main() -> int:
    """Return 0 when everything is in place, 1 with a sentence when it cannot be."""
    if sys.version_info < OLDEST:
        print(
            f"Python {'.'.join(map(str, OLDEST))} or newer is needed: make PYTHON=python3.11 ...",
            file=sys.stderr,
        )
        return 1
    try:
        if not works():
            print("Making .venv", flush=True)
            venv.create(VENV, with_pip=True, clear=True)
        # dev.txt holds all of base.txt in the same versions, so a developer's .venv keeps one list.
        install("dev" if (VENV / "dev.installed").exists() else sys.argv[1])
        if machine_lacks():
            install("embedded")
    except subprocess.CalledProcessError as failure:
        print(f"This failed: {' '.join(map(str, failure.cmd))}", file=sys.stderr)
        if "ensurepip" in failure.cmd:
            print("On Debian and Ubuntu install the package python3-venv.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
