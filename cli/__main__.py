"""Where the command begins, as `genesys-timeouts` and as `python -m cli`."""

import os
import sys
from typing import NoReturn

if os.name == "nt":  # before anything that stands on POSIX is loaded: signals, file locks, process groups
    sys.exit("genesys-timeouts runs on Linux and macOS; on Windows, run it in WSL 2.")

from cli.showing.streams import stand_any_stream
from flows.run.interruption import run_to_its_end


def main() -> NoReturn:
    """Run the command that was typed; signals are listened to before anything else is loaded."""
    stand_any_stream()
    run_to_its_end(_command)


def _command() -> None:
    from cli.app import app

    app(prog_name=app.info.name)


if __name__ == "__main__":
    main()
