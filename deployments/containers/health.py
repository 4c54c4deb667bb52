"""Whether a container is healthy, and its restart where it long is not: Compose restarts only what has ended.

    python -IS health.py [--restart] http://127.0.0.1:4200/api/health
    python -IS health.py [--restart] /tmp/services-are-alive

An address has to answer, a file must be younger than a minute. With --restart the sixth failure in a row asks the
container's process to end, the ninth ends it at once; `restart: unless-stopped` starts it again. The standard library
alone: it runs every 30 s, in each container.
"""

import contextlib
import os
import signal
import sys
import time
import urllib.request
from pathlib import Path

_FRESH_S = 60.0
_ANSWER_S = 4.0
_ASK_AT, _END_AT = 6, 9
_FAILURES = Path("/tmp/failures-of-health")  # noqa: S108 - the container's own


def main(arguments: list[str]) -> int:
    """Return 0 where it is healthy, 1 where it is not, with a reason."""
    *options, what = arguments
    reason = _in_file(Path(what)) if what.startswith("/") else _at_address(what)
    if reason is None:
        _FAILURES.unlink(missing_ok=True)
        return 0
    print(reason)  # noqa: T201 - `docker inspect` shows it
    if "--restart" in options:
        _restart_after(_count())
    return 1


def _at_address(url: str) -> str | None:
    try:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever proxy the container names
        with direct.open(url, timeout=_ANSWER_S):
            return None
    except OSError as problem:
        return f"{url}: {problem}"


def _in_file(path: Path) -> str | None:
    try:
        age = time.time() - path.stat().st_mtime
    except OSError as problem:
        return f"{path}: {problem.strerror}"
    return f"{path}: last touched {age:.0f} s ago" if age > _FRESH_S else None


def _count() -> int:
    """Return which failure in a row this is."""
    before = 0
    with contextlib.suppress(OSError, ValueError):
        before = int(_FAILURES.read_text("ascii"))
    _FAILURES.write_text(str(before + 1), "ascii")
    return before + 1


def _restart_after(failures: int) -> None:
    """Signal what the container's first process (tini) has started; it ends with that."""
    if failures >= _ASK_AT:
        number = signal.SIGKILL if failures >= _END_AT else signal.SIGTERM
        for process in Path("/proc/1/task/1/children").read_text("ascii").split():
            os.kill(int(process), number)
    if failures >= _END_AT:
        _FAILURES.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
