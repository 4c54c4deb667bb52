"""Throw-away servers on loopback, for tests that need more than SQLite: Debian's Postgres and Redis as processes."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_PATIENCE_S = 60.0  # both start in under two seconds; a machine that is busy with other tests is slow
# A throw-away database loses nothing that matters: what makes it durable only makes it slow.
_UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB")


def free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Server:
    """A server that can be away for a while: stopped, and started again on the same port with what it keeps."""

    def __init__(
        self, url: str, command: Sequence[str], log: Path, is_ready: Callable[[], bool],
        *, ends_by: signal.Signals, user: str | None = None,
    ) -> None:  # fmt: skip
        self.url = url
        self._command = command
        self._log = log
        self._is_ready = is_ready
        self._ends_by = ends_by
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, user=self._user, group=self._user, cwd=self._log.anchor
            )
        _wait(self._process, self._is_ready, self._log)

    def stop(self) -> None:
        """End it without waiting for whoever is connected; what was committed stays."""
        if self._process is not None:
            self._process.send_signal(self._ends_by)
            self._process.wait()
            self._process = None


@contextlib.contextmanager
def postgres(tmp: Path) -> Iterator[str]:
    """Run an empty Postgres with its log in `tmp`; yields a SQLAlchemy URL, and the data is gone afterwards."""
    with postgres_server(tmp) as server:
        yield server.url


@contextlib.contextmanager
def postgres_server(tmp: Path) -> Iterator[Server]:
    """Run an empty Postgres that can be away for a while."""
    programs = _postgres_programs()
    port = free_port()
    # Not in `tmp`: pytest's folders are closed to others, and root has to run Postgres as somebody else.
    data = Path(tempfile.mkdtemp(prefix="genesys-timeouts-postgres-"))
    user = _unprivileged(data)
    options = [part for setting in _UNSAFE for part in ("-c", setting)]
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(data), "-h", "127.0.0.1"]
    ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "prefect"]
    server = Server(
        f"postgresql+asyncpg://prefect@127.0.0.1:{port}/postgres", [*command, *options], tmp / "postgres.log",
        lambda: subprocess.run(ready, check=False).returncode == 0, ends_by=signal.SIGINT, user=user,
    )  # fmt: skip
    try:
        with (tmp / "postgres.log").open("wb") as log:
            subprocess.run(
                [programs / "initdb", "-D", data, "-U", "prefect", "-A", "trust", "-E", "UTF8", "--no-sync"],
                check=True, stdout=log, stderr=log, user=user, group=user, cwd=data, env={"LC_ALL": "C.UTF-8"},
            )  # fmt: skip
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(data, ignore_errors=True)


@contextlib.contextmanager
def redis(tmp: Path, *options: str) -> Iterator[int]:
    """Run an empty Redis that keeps nothing, with its log in `tmp`; yields its port."""
    with redis_server(tmp, *options) as server:
        yield int(server.url.rpartition(":")[2])


@contextlib.contextmanager
def redis_server(tmp: Path, *options: str) -> Iterator[Server]:
    """Run an empty Redis that can be away for a while; it keeps what `options` tell it to."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp), *options]
    server = Server(
        f"redis://127.0.0.1:{port}", command, tmp / "redis.log", lambda: listens(port), ends_by=signal.SIGTERM
    )
    try:
        server.start()
        yield server
    finally:
        server.stop()


def listens(port: int) -> bool:
    """Tell whether somebody accepts connections on this port of loopback."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _postgres_programs() -> Path:
    """Find the folder of Postgres' programs: Debian keeps them off the PATH, one folder a version."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    elsewhere = shutil.which("initdb")
    assert versions or elsewhere, "no Postgres: sh deployments/test-packages.sh says what to install"
    return versions[-1].parent if versions else Path(str(elsewhere)).resolve().parent


def _unprivileged(data: Path) -> str | None:
    """Hand the folder to `postgres` where we are root, whom Postgres refuses; else it runs as who we are."""
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam("postgres")
    os.chown(data, account.pw_uid, account.pw_gid)
    return account.pw_name


def _wait(process: subprocess.Popen[bytes], is_ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not is_ready():
        assert process.poll() is None, log.read_text("utf-8", "replace")
        assert time.monotonic() < deadline, log.read_text("utf-8", "replace")
        time.sleep(0.05)
