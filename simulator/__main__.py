"""`python -m simulator`: the org as a process of its own."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from simulator.clients import DEMO_READER, DEMO_WRITER
from simulator.demo.org import MOST_ARCHITECT_FLOWS
from simulator.org.persistence import StateDirectoryBusy, StateDirectoryDamaged, StateDirectoryForeign, Store
from simulator.orgs import OrgKind, build_seed
from simulator.server import running

_WRONG_USAGE = 2
_LAST_PORT = 65_535
_LONGEST_LATENCY_MS = 600_000
_MOST_DIGITS = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Serve an org until SIGTERM, SIGINT or (with `--with-parent`) the end of standard input.

    The first line printed is `simulator listening on http://127.0.0.1:PORT`; below it stands, unless `--quiet`, how
    to reach it. Returns the exit code: 0, or 2 with a sentence on standard error.
    """
    options = _options(argv)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if options.with_parent:
        threading.Thread(target=_await_parent, args=(stop,), daemon=True).start()
    try:
        _serve(options, stop)
    except (StateDirectoryBusy, StateDirectoryDamaged, StateDirectoryForeign) as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - the terminal is this module's user
        return _WRONG_USAGE
    except OSError as problem:
        what = problem.filename or f"Port {options.port} cannot be used"
        print(f"{what}: {problem.strerror or problem}", file=sys.stderr)  # noqa: T201 - as above
        return _WRONG_USAGE
    return 0


def _serve(options: argparse.Namespace, stop: threading.Event) -> None:
    seed = build_seed(options.kind, options.seed, options.architect_flows)
    identity = f"{options.kind} {options.seed} {options.architect_flows}"
    store = Store(options.state, identity) if options.state else None
    with running(
        seed,
        port=options.port,
        rate_limit=options.rate_limit,
        latency_ms=options.latency_ms,
        running_clock=True,
        store=store,
        keeps=options.keep_configurations,
    ) as simulator:
        print(f"simulator listening on {simulator.url}", flush=True)  # noqa: T201 - the promised first line
        if not options.quiet:
            print(_how_to_reach(simulator.url), flush=True)  # noqa: T201 - for people
        stop.wait()


def _how_to_reach(url: str) -> str:
    """Return lines to paste into another terminal: the org's address, and a client that may write."""
    return (
        "In another terminal, to work on it (the client may write; its secret is public, for this org is nobody's):\n"
        f"  export GENESYS_API_URL={url}\n"
        f"  export GENESYS_CLIENT_ID={DEMO_WRITER.id} GENESYS_CLIENT_SECRET={DEMO_WRITER.secret}\n"
        f"One that may only read: {DEMO_READER.id}, {DEMO_READER.secret}. Ctrl-C ends it."
    )


def _await_parent(stop: threading.Event) -> None:
    while os.read(
        sys.stdin.fileno(), 1024
    ):  # not through its buffer: who ends meanwhile would find it locked, and abort
        pass
    stop.set()


def _options(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the options; `--called` says how people called it, for whom errors name that command."""
    called = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    called.add_argument("--called", default="python -m simulator")
    known, others = called.parse_known_args(argv)
    return _parser(known.called).parse_args(others)


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=name, description="A Genesys Cloud org on loopback.")
    parser.add_argument("--port", type=_port, default=4400, help="0: any free port (default 4400)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same org (default 1)")
    parser.add_argument("--architect-flows", type=_size, default=60, metavar="N", help="size of the org (default 60)")
    parser.add_argument("--kind", choices=get_args(OrgKind), default="architect", help="of the org")
    parser.add_argument(
        "--latency-ms", type=_latency, default=0, metavar="MS", help="wait before each answer (default 0)"
    )
    parser.add_argument("--rate-limit", type=_limit, default=300, metavar="N|off", help="a minute (default 300)")
    parser.add_argument("--state", type=Path, metavar="DIR", help="keep changes here for the next start")
    parser.add_argument("--keep-configurations", action="store_true", help="in memory: nothing is made twice")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input is closed")
    parser.add_argument("--quiet", action="store_true", help="print the address alone: what is printed may be a log")
    return parser


def _port(text: str) -> int:
    return _whole_number(text, 0, _LAST_PORT, f"is no port: name one of 0 to {_LAST_PORT}")


def _size(text: str) -> int:
    said = f"is no size of an org: name one of 1 to {MOST_ARCHITECT_FLOWS}"
    return _whole_number(text, 1, MOST_ARCHITECT_FLOWS, said)


def _latency(text: str) -> int:
    return _whole_number(text, 0, _LONGEST_LATENCY_MS, f"is no latency: name one of 0 to {_LONGEST_LATENCY_MS}, in ms")


def _limit(text: str) -> int | None:
    said = "is no rate limit: name requests a minute, 1 at least, or off"
    return None if text == "off" else _whole_number(text, 1, sys.maxsize, said)


def _whole_number(text: str, least: int, most: int, otherwise: str) -> int:
    number = int(text) if text.lstrip("-").isdecimal() and len(text) < _MOST_DIGITS else least - 1
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{text} {otherwise}")
    return number


if __name__ == "__main__":
    sys.exit(main())
