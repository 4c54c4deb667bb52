"""The fork server: imports what is heavy and not ours, then forks a process for each `python` that asks (python.py).

It has a single thread, so that a forked process finds nothing locked. Run as a script, with the folder of its socket.
"""

import contextlib
import fcntl
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import struct
import sys
import tempfile
import termios
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import prefect.context
import prefect.logging.configuration

HEAVY = (
    "prefect.artifacts",
    "prefect.cli",
    "prefect.cli.deploy",
    "prefect.cli.server",
    "prefect.cli.worker",
    "prefect.client.orchestration",
    "prefect.events.worker",
    "prefect.filesystems",
    "prefect.flow_engine",
    "prefect.server.api.server",
    "prefect.task_engine",
    "prefect.task_runners",
    "prefect.utilities.visualization",
    "prefect.workers.process",
    "prefect_redis.messaging",
    "alembic.config",
    "anyio._backends._asyncio",
    "asyncpg",
    "dulwich.repo",
    "graphviz",
    "matplotlib.backends.backend_agg",
    "matplotlib.figure",
    "msgspec",
    "pandas",
    "PIL.PngImagePlugin",
    "platformdirs.unix",
    "rich.rule",
    "ruamel.yaml",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "tenacity",
    "tree_sitter_hcl",
    "typer",
    "urllib3",
    "uvicorn",
    "watchdog.observers",
    "yaml",
)

_LOOKS_EVERY_S = 1.0
_MOST_BYTES = 1 << 20

Asked = dict[str, Any]


class PutAside(MetaPathFinder, Loader):
    """Puts Prefect's modules back when a process first imports one, and lets Prefect read that process's settings.

    Prefect reads its settings when it is imported, which is the moment until which a command can set them.
    """

    def __init__(self) -> None:
        names = [name for name in sys.modules if name.partition(".")[0] in ("prefect", "prefect_redis")]
        self._modules = {name: sys.modules.pop(name) for name in names}

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return a spec for what was put aside; of these, the package itself is always the first to be asked for."""
        return spec_from_loader(fullname, self) if fullname in self._modules else None

    def exec_module(self, _module: ModuleType) -> None:
        """Put everything back, and do again what depends on the settings when Prefect is imported (prefect.main)."""
        sys.meta_path.remove(self)
        sys.modules.update(self._modules)
        prefect.context.refresh_global_settings_context()
        prefect.logging.configuration.PROCESS_LOGGING_CONFIG.clear()
        prefect.logging.configuration.setup_logging()


@dataclass
class Asking:
    """Somebody at the socket, what was received so far, and the process that was forked for him."""

    connection: socket.socket
    asker: int
    received: bytes = b""
    streams: list[int] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    process: int = 0


class Server:
    """Forks on demand; all in one thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._owner = Path("/proc") / (folder / "owner").read_text()
        self._selector = selectors.DefaultSelector()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / "starting"))
        self._listener.listen(64)
        self._processes: dict[int, Asking] = {}
        self._asked: Asked | None = None
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def serve(self) -> Asked | None:
        """Serve as long as the test run lasts; in a forked process, return what that one was asked to be."""
        (self._folder / "starting").rename(self._folder / "socket")
        while self._folder.exists() and self._owner.exists():
            for key, _ in self._selector.select(_LOOKS_EVERY_S):
                react: Callable[[], None] = key.data
                react()
                if self._asked is not None:
                    return self._asked
        for process in self._processes:
            os.kill(process, signal.SIGKILL)
        return None

    def _accept(self) -> None:
        connection = self._listener.accept()[0]
        peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        asking = Asking(connection, struct.unpack("3i", peer)[0])
        self._selector.register(asking.connection, selectors.EVENT_READ, lambda: self._hear(asking))

    def _hear(self, asking: Asking) -> None:
        try:
            heard, streams, _, _ = socket.recv_fds(asking.connection, _MOST_BYTES, 3)
        except ConnectionError:
            heard, streams = b"", []
        asking.received += heard
        asking.streams += streams
        if not heard:
            self._forget(asking)
        elif asking.received.endswith(b"\n"):
            asked = json.loads(asking.received)
            if "with" in asked:
                self._answer(self._processes_with(asked["with"]), asking)
            elif "for" in asked:
                self._answer(self._processes_for(asked["for"]), asking)
            else:
                self._fork(asked, asking)

    def _forget(self, asking: Asking) -> None:
        """Whoever asked is gone: so is the process."""
        self._selector.unregister(asking.connection)
        asking.connection.close()
        if asking.process:
            os.kill(asking.process, signal.SIGKILL)

    def _processes_with(self, variable: str) -> list[int]:
        name, _, value = variable.partition("=")
        return [process for process, each in self._processes.items() if each.environment.get(name) == value]

    def _processes_for(self, asker: int) -> list[int]:
        return [process for process, each in self._processes.items() if each.asker == asker]

    def _answer(self, processes: list[int], asking: Asking) -> None:
        asking.connection.sendall(" ".join(str(each) for each in processes).encode())
        self._forget(asking)

    def _fork(self, asked: Asked, asking: Asking) -> None:
        process = os.fork()
        if process == 0:
            self._become(asked, asking)
            return
        for stream in asking.streams:
            os.close(stream)
        asking.process, asking.environment = process, asked["environment"]
        self._processes[process] = asking
        end = os.pidfd_open(process)
        self._selector.register(end, selectors.EVENT_READ, lambda: self._bury(process, end))
        _tell(asking, process)

    def _bury(self, process: int, end: int) -> None:
        self._selector.unregister(end)
        os.close(end)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        asking = self._processes.pop(process)
        asking.process = 0
        _tell(asking, code)

    def _become(self, asked: Asked, asking: Asking) -> None:
        """In the forked process: let go of everything of the server's, and take what was handed over."""
        for key in list(self._selector.get_map().values()):
            os.close(key.fd)
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.detach()
        self._selector.close()
        os.setsid()
        for stream, received in enumerate(asking.streams):
            os.dup2(received, stream)
            os.close(received)
        if os.isatty(0):
            with contextlib.suppress(OSError):  # it is somebody else's
                fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        for number in asked["ignored"]:
            signal.signal(number, signal.SIG_IGN)
        os.umask(asked["umask"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        time.tzset()
        tempfile.tempdir = None  # that of the process's own TMPDIR
        os.chdir(asked["folder"])
        self._asked = asked


def _tell(asking: Asking, number: int) -> None:
    if asking.connection.fileno() >= 0:
        with contextlib.suppress(ConnectionError):  # it is gone, as the next read will show
            asking.connection.sendall(f"{number}\n".encode())


def become(asked: Asked) -> None:
    """Go on as `python ARGUMENTS` does once it has started."""
    sys.executable = asked["executable"]
    sys.stdin, sys.stdout, sys.stderr = _stream(0, "r"), _stream(1, "w"), _stream(2, "w", errors="backslashreplace")
    is_safe, arguments = asked["arguments"][0] == "-P", asked["arguments"]
    kind, *rest = arguments[1:] if is_safe else arguments
    first = {"-c": "", "-m": asked["folder"]}.get(kind, str(Path(kind).resolve().parent))
    given = [each for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each]
    sys.path[0:0] = given if is_safe else [first, *given]
    if kind == "-m":
        program, sys.argv = rest[0], ["-m", *rest[1:]]
        if program.partition(".")[0] == "prefect":
            importlib.import_module("prefect")  # it has to be back before runpy looks for it
        # It may be among what was imported, and then it is there twice, as what a new Python runs is, too.
        warnings.filterwarnings("ignore", ".*found in sys.modules", RuntimeWarning, "runpy")
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    elif kind == "-c":
        program, sys.argv = rest[0], ["-c", *rest[1:]]
        main = sys.modules["__main__"] = ModuleType("__main__")
        exec(compile(program, "<string>", "exec"), vars(main))  # noqa: S102 - that is what it is for
    elif kind.startswith("-"):
        raise NotImplementedError(f"{arguments}: a warm Python takes -P, and then -c, -m or the file of a program")
    else:
        sys.argv = [kind, *rest]
        runpy.run_path(kind, run_name="__main__")


def _stream(number: int, mode: str, errors: str | None = None) -> Any:
    is_by_line = number == 2 or os.isatty(number)
    return open(number, mode, 1 if is_by_line and mode == "w" else -1, "utf-8", errors, closefd=False)


def _main() -> None:
    for name in HEAVY:
        importlib.import_module(name)
    sys.meta_path.insert(0, PutAside())
    gc.collect()
    gc.freeze()
    asked = Server(Path(sys.argv[1])).serve()
    if asked is not None:
        become(asked)


if __name__ == "__main__":
    _main()
