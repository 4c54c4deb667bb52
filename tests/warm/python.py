"""The Python that starts warm, as a program: asks the fork server beside it for a process, and stands in for that.

It hands over its arguments, environment, folder and streams, passes signals on, and ends as the process ends. The
process ends with it, also when it is killed.
"""

import json
import os
import signal
import socket
import sys

# Everything that ends a process but SIGKILL, which nobody can pass on: then the server sees that we are gone.
PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)


def main() -> None:
    """Be the process."""
    signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)
    ignored = [number for number in PASSED_ON if signal.getsignal(number) == signal.SIG_IGN]
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(os.path.join(os.path.dirname(os.path.abspath(__file__)), "socket"))  # noqa: PTH100,PTH118,PTH120
        asked = {
            "executable": os.path.abspath(__file__),  # noqa: PTH100 - pathlib takes as long to import as all of this
            "arguments": sys.argv[1:],
            "environment": dict(os.environ),
            "folder": os.getcwd(),  # noqa: PTH109
            "ignored": ignored,
            "umask": _umask(),
        }
        socket.send_fds(server, [b"{"], [0, 1, 2])
        server.sendall(json.dumps(asked)[1:].encode() + b"\n")
        with server.makefile() as answers:
            process = int(answers.readline())
            for number in PASSED_ON:
                signal.signal(number, lambda number, _frame: os.kill(process, number))
            signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
            _end_as(int(answers.readline() or -signal.SIGKILL))


def _umask() -> int:
    umask = os.umask(0o077)
    os.umask(umask)
    return umask


def _end_as(code: int) -> None:
    if code < 0:
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


main()
