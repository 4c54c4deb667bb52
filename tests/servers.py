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
from collections.abc import Callable, Iterator
from pathlib import Path

_PATIENCE_S = 60.0  # both start in under two seconds; a machine that is busy with other tests is slow
# A throw-away database loses nothing that matters: what makes it durable only makes it slow.
_UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB")


def free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def postgres(tmp: Path) -> Iterator[str]:
    """Run an empty Postgres with its log in `tmp`; yields a SQLAlchemy URL, and the data is gone afterwards."""
    programs = _postgres_programs()
    port = free_port()
    # Not in `tmp`: pytest's folders are closed to others, and root has to run Postgres as somebody else.
    data = Path(tempfile.mkdtemp(prefix="genesys-timeouts-postgres-"))
    user = _unprivileged(data)
    server = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(data), "-h", "127.0.0.1"]
    try:
        with (tmp / "postgres.log").open("wb") as log:
            subprocess.run(
                [programs / "initdb", "-D", data, "-U", "prefect", "-A", "trust", "-E", "UTF8", "--no-sync"],
                check=True, stdout=log, stderr=log, user=user, group=user, cwd=data, env={"LC_ALL": "C.UTF-8"},
            )  # fmt: skip
            options = [part for setting in _UNSAFE for part in ("-c", setting)]
            process = subprocess.Popen([*server, *options], stdout=log, stderr=log, user=user, group=user, cwd=data)
        ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "prefect"]
        with _ended(process, signal.SIGQUIT):  # at once, its children too
            _wait(process, lambda: subprocess.run(ready, check=False).returncode == 0, tmp / "postgres.log")
            yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextlib.contextmanager
def redis(tmp: Path, *options: str) -> Iterator[int]:
    """Run an empty Redis that keeps nothing, with its log in `tmp`; yields its port."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp), *options]
    with (tmp / "redis.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    with _ended(process, signal.SIGTERM):
        _wait(process, lambda: listens(port), tmp / "redis.log")
        yield port


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


@contextlib.contextmanager
def _ended(process: subprocess.Popen[bytes], number: signal.Signals) -> Iterator[None]:
    """See that the process is gone at the end."""
    try:
        yield
    finally:
        process.send_signal(number)
        process.wait()
