"""Embedded PostgreSQL and Valkey: private, durable, several at once, recovered after any kind of death."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import redis

from bpm_portal.embedded import CannotStart, Servers, running_urls
from bpm_portal.embedded.account import choose_account, make_socket_folder
from bpm_portal.embedded.leftovers import is_alive
from tests.patience import until

ROOT = Path(__file__).resolve().parents[2]
ENV = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}


def write_everywhere(urls: dict[str, str]) -> None:
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('Договор')")
    with redis.Redis.from_url(urls["REDIS_URL"]) as client:
        client.set("kept", "yes")


def read_everywhere(urls: dict[str, str]) -> tuple[str, bytes]:
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT word FROM kept WHERE word ILIKE 'дОГОВОР'").fetchone()
    with redis.Redis.from_url(urls["REDIS_URL"]) as client:
        return (row or ("",))[0], client.get("kept")


def is_written(url: str) -> bool:
    """Valkey writes at once, but for the moments in which the disk is still busy with what came before."""
    with redis.Redis.from_url(url) as client:
        log = client.info("persistence")
    return log["aof_buffer_length"] == 0 and log["aof_pending_bio_fsync"] == 0


def test_data_survives_kill_and_restart_and_both_servers_come_back(home: Path) -> None:
    data = home / "survives"
    with Servers(data, {}) as servers:
        urls = dict(servers.urls)
        write_everywhere(urls)
        until(lambda: is_written(urls["REDIS_URL"]), "the log of Valkey is in its file")
        for server in servers.started:
            assert server.process is not None
            server.process.kill()
            server.process.wait()
        assert sorted(servers.revive()) == ["postgres", "valkey"]
        assert servers.urls == urls
        assert read_everywhere(urls) == ("Договор", b"yes")
        assert servers.revive() == []
    with Servers(data, {}) as servers:
        assert read_everywhere(servers.urls) == ("Договор", b"yes")


def test_servers_of_a_killed_holder_end_and_the_next_start_recovers(home: Path) -> None:
    data = home / "killed"
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom bpm_portal.embedded import Servers\n"
        "servers = Servers(Path(sys.argv[1]), {})\nservers.start()\n"
        "print(*(server.process.pid for server in servers.started), flush=True)\ntime.sleep(60)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, data], cwd=ROOT, env=ENV, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    pids = [int(word) for word in holder.stdout.readline().split()]
    assert len(pids) == 2
    write_everywhere(running_urls(data))
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with Servers(data, {}) as servers:
        assert read_everywhere(servers.urls)[0] == "Договор"
        assert not any(is_alive(pid) for pid in pids)


def test_no_second_server_starts_beside_a_process_of_the_first(home: Path) -> None:
    """A backend that outlives its killed postmaster still writes to the shared files."""
    with Servers(home / "beside", {"REDIS_URL": "given"}, durable=False) as servers:
        postgres = servers.started[0].process
        assert postgres is not None
        connection = psycopg.connect(servers.urls["DATABASE_URL"])
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        postgres.kill()
        postgres.wait()
        awake = threading.Event()

        def awaken() -> None:
            awake.set()
            os.kill(backend, signal.SIGCONT)

        threading.Timer(1.0, awaken).start()
        assert servers.revive() == ["postgres"]
        assert awake.is_set(), "it waits for the backend"
        assert not is_alive(backend)
        connection.close()


def test_pid_file_that_names_a_stranger_does_not_stop_the_start(home: Path) -> None:
    """After a restart of the machine the pid of the old server may belong to any other process."""
    data = home / "stranger"
    with Servers(data, {"REDIS_URL": "given"}, durable=False):
        pid_file = data / "postgres" / "postmaster.pid"
        lines = pid_file.read_text().split("\n")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    with Servers(data, {"REDIS_URL": "given"}, durable=False) as servers:
        assert list(servers.urls) == ["DATABASE_URL"]


def test_two_folders_run_at_once_and_one_folder_has_one_holder(home: Path) -> None:
    with (
        Servers(home / "killed", {}) as one,
        Servers(home / "survives", {}) as two,
    ):
        assert one.urls["DATABASE_URL"] != two.urls["DATABASE_URL"]
        assert running_urls(home / "killed") == one.urls
        with pytest.raises(CannotStart, match="in use by another process"):
            Servers(home / "killed", {}).start()
    assert running_urls(home / "killed") == {}


def test_a_given_url_starts_nothing(home: Path) -> None:
    with Servers(
        home / "nothing", {"DATABASE_URL": "postgresql://x/y", "REDIS_URL": "redis://x/0"}
    ) as servers:
        assert servers.urls == {}
        assert servers.started == []
    assert not (home / "nothing").exists()


def test_socket_folders_of_killed_holders_go_and_those_in_use_stay(home: Path) -> None:
    given = {"REDIS_URL": "given"}
    account = choose_account(home)
    with Servers(home / "broken", given, durable=False) as servers:
        used = Path(parse_qs(urlsplit(servers.urls["DATABASE_URL"]).query)["host"][0])
        deserted = make_socket_folder(account)
        young = make_socket_folder(account)
        for folder in (used, deserted):
            os.utime(folder, (0, 0))
        make_socket_folder(account).rmdir()
        assert (used.exists(), deserted.exists(), young.exists()) == (True, False, True)
    young.rmdir()
    assert not used.exists()


def test_broken_throwaway_cluster_is_made_anew(home: Path) -> None:
    data = home / "broken"
    given = {"REDIS_URL": "given"}
    with Servers(data, given, durable=False):
        pass
    (data / "postgres" / "global" / "pg_control").write_bytes(b"not a control file")
    with Servers(data, given, durable=False) as servers, psycopg.connect(servers.urls["DATABASE_URL"]):
        pass


def test_files_and_ports_are_private(home: Path) -> None:
    with Servers(home / "killed", {}) as servers:
        for server in servers.started:
            assert server.data.stat().st_mode & 0o077 == 0
        url = servers.urls["REDIS_URL"]
        with (
            redis.Redis.from_url(url.replace("redis://:", "redis://:wrong")) as stranger,
            pytest.raises(redis.AuthenticationError),
        ):
            stranger.ping()
        with psycopg.connect(servers.urls["DATABASE_URL"]) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def run_wrapper(data: Path, *command: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "bpm_portal.embedded", "--throwaway", "--data", str(data), "--", *command]
    return subprocess.run(words, cwd=ROOT, env=ENV, capture_output=True, text=True)


def test_wrapper_passes_urls_and_exit_code(home: Path) -> None:
    done = run_wrapper(home / "broken", "sh", "-c", "echo $DATABASE_URL $REDIS_URL; exit 7")
    assert done.returncode == 7, done.stderr
    assert done.stdout.startswith("postgresql://portal@/portal?host=")
    assert "redis://:" in done.stdout
    assert run_wrapper(home / "broken", "sh", "-c", "kill -9 $$").returncode == 128 + signal.SIGKILL
    assert run_wrapper(home / "broken", "no-such-program").returncode == 127


def test_wrapper_joins_servers_that_run_already(home: Path) -> None:
    with Servers(home / "broken", {}, durable=False) as servers:
        done = run_wrapper(home / "broken", "sh", "-c", "echo $DATABASE_URL")
        assert done.stdout.strip() == servers.urls["DATABASE_URL"]


def test_wrapper_hands_on_termination_and_leaves_nothing(home: Path) -> None:
    command = "trap 'echo stopped; exit 3' TERM; echo started; while :; do sleep 0.05; done"
    words = [sys.executable, "-m", "bpm_portal.embedded", "--throwaway", "--data", str(home / "broken"), "--"]
    with subprocess.Popen(
        [*words, "sh", "-c", command], cwd=ROOT, env=ENV, stdout=subprocess.PIPE, text=True
    ) as wrapper:
        assert wrapper.stdout is not None
        assert wrapper.stdout.readline() == "started\n"
        wrapper.terminate()
        assert wrapper.stdout.read() == "stopped\n"
        assert wrapper.wait(30) == 3
    assert running_urls(home / "broken") == {}
    assert not (home / "broken" / "postgres" / "postmaster.pid").exists()
