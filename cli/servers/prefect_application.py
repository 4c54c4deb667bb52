"""`python -m cli.servers.prefect_application PORT`: Prefect's server, which ends when standard input does.

Standard input is a pipe that the command holds. It closes however the command ends, a kill and a power cut included, so
that no server is left behind.
"""

import os
import signal
import sys
import threading

import uvicorn

_END_SECONDS = 1.5


def _end_with_parent() -> None:
    while os.read(
        sys.stdin.fileno(), 1024
    ):  # not through its buffer: who ends meanwhile would find it locked, and abort
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    # It would wait for connections that nobody closes.
    threading.Timer(_END_SECONDS, os._exit, args=(1,)).start()


def main() -> None:
    """Serve on loopback, on the port that is named."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="error",
    )


if __name__ == "__main__":
    main()
