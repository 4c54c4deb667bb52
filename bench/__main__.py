"""All measurements of docs/benchmarks.md: `make bench`, about a quarter of an hour on two cores.

make bench                                                                   # all, written to docs/benchmarks.md
make bench BENCH="--only audits --repeats 1 --architect-flows 60 200"        # a part, printed instead
make bench BENCH="--only fleet --orgs 5 --workers 1 2"                       # never part of all: docs/fleet.md
"""

import argparse
import shlex
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import audits, ceiling, limited, publishes, startup
from bench.figures import Section
from bench.fleet import fleet
from bench.folders import files
from bench.page import machine_facts, page
from bench.rig import Options, rig_of

_PAGE = Path("docs/benchmarks.md")
_MEASUREMENTS = {
    "ceiling": ceiling.measure,
    "limited": limited.measure,
    "audits": audits.measure,
    "publishes": publishes.measure,
    "files": files.measure,
    "startup": startup.measure,
    "fleet": fleet.measure,
}
_BY_NAME_ALONE = {"fleet"}
"""What takes longer than all the rest, and Postgres and Redis; docs/fleet.md has its figures."""


def main() -> None:
    """Measure, and write the page; print it instead where the command says what to measure."""
    asked = _parser().parse_args()
    base, large = asked.architect_flows
    options = Options(
        repeats=asked.repeats,
        large_repeats=min(asked.repeats, Options().large_repeats),
        base=base,
        large=large,
        publishes=asked.publishes,
        orgs=tuple(asked.orgs),
        workers=tuple(asked.workers),
    )
    known, began = machine_facts(), time.monotonic()
    sections: list[Section] = []
    with rig_of(options) as rig:
        for name in asked.only:
            started = time.monotonic()
            sections += _MEASUREMENTS[name](rig)
            print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    words = shlex.join(sys.argv[1:])
    command = f"`make bench`{f' with `{words}`' if words else ''}"
    facts = [
        ("command", f"{command}, {(time.monotonic() - began) / 60:.0f} minutes"),
        ("date", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        *known,
    ]
    text = page(facts, sections, options)
    if words:
        print(text)
    else:
        _PAGE.write_text(text, "utf-8")


def _parser() -> argparse.ArgumentParser:
    usual, usual_parts = Options(), [name for name in _MEASUREMENTS if name not in _BY_NAME_ALONE]
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=_MEASUREMENTS, default=usual_parts)
    parser.add_argument("--repeats", type=int, default=usual.repeats, metavar="N")
    parser.add_argument(
        "--architect-flows", type=int, nargs=2, default=(usual.base, usual.large), metavar=("USUAL", "LARGE")
    )
    parser.add_argument("--publishes", type=int, default=usual.publishes, metavar="N")
    parser.add_argument("--orgs", type=int, nargs="+", default=usual.orgs, metavar="N", help="of a fleet")
    parser.add_argument("--workers", type=int, nargs="+", default=usual.workers, metavar="N", help="of a fleet")
    return parser


if __name__ == "__main__":
    main()
