"""All measurements of docs/benchmarks.md: `make bench`, about half an hour on two cores.

make bench                                                   # all, written to docs/benchmarks.md
make bench BENCH="--only 2,3 --repeats 1 --architect-flows 60"         # a part, printed instead
"""

import argparse
import shlex
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import audits, ceiling, definitions, growth, limited, machine, page, publishes, startup
from bench.figures import Section
from bench.processes import prefect_server
from bench.rig import Options, Rig
from bench.side_by_side import run_side_by_side

_ALL = frozenset(range(1, 9))
_LIMITED, _COLD, _WARM, _LARGE, _START, _DEFINITIONS, _PUBLISHES, _GROWTH = sorted(_ALL)
_SIZES = (60, 500, 2_000, 5_000)
_BASE = 500
_PAGE = Path("docs/benchmarks.md")
_PICTURE = Path("images/growth.png")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and write the page where everything was measured."""
    asked = _parser().parse_args(arguments)
    only: frozenset[int] = asked.only
    sizes: tuple[int, ...] = asked.architect_flows
    options = Options(
        repeats=asked.repeats,
        sizes=sizes,
        base=_BASE if _BASE in sizes else sizes[0],
        publishes=asked.publishes,
    )
    known, began = machine.facts(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PREFECT_HOME": f"{folder}/server", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
        with prefect_server(environment) as server:
            sections, found = _measured(Rig(server, Path(folder), options), only)
    minutes = (time.monotonic() - began) / 60
    command = f"`make bench`{f' with `{shlex.join(sys.argv[1:])}`' if sys.argv[1:] else ''}"
    facts = [
        ("command", f"{command}, {minutes:.0f} minutes"),
        ("date", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        *known,
    ]
    text = page.page(facts, sections, latency_ms=options.latency_ms, repeats=options.repeats)
    if asked.output is None and only != _ALL:
        print(text)
        return
    output: Path = asked.output or _PAGE
    output.write_text(text, "utf-8")
    if found:
        (output.parent / _PICTURE).parent.mkdir(parents=True, exist_ok=True)
        growth.draw(found, options, output.parent / _PICTURE)
    print(f"written: {output}")


def _measured(rig: Rig, only: frozenset[int]) -> tuple[list[Section], list[audits.OfSize]]:
    """Measure what is asked for: first what waits, side by side, then what works, one after another."""
    options, sections = rig.options, dict[int, Section]()
    with _told("the simulator's ceiling"):
        sections[0] = ceiling.measure(rig)
    repeats = range(options.repeats)
    our_scenes = [limited.OurScene(rig) for _ in repeats if _LIMITED in only]
    peer_scenes = [limited.PeerScene(rig) for _ in repeats if _LIMITED in only]
    publish_scenes = [publishes.PublishScene(rig, seed=1 + n) for n in repeats if _PUBLISHES in only]
    if our_scenes:
        with _told("the rate limit, ours"):
            run_side_by_side(our_scenes, limited.APART_SECONDS)
        with _told("the rate limit, peers side by side"):
            run_side_by_side(peer_scenes)
        sections[_LIMITED] = limited.section(rig, our_scenes, peer_scenes)
    if publish_scenes:
        with _told("publishes, side by side"):
            run_side_by_side(publish_scenes)
        sections[_PUBLISHES] = publishes.section(rig, publish_scenes)
    if _START in only:
        with _told("start"):
            sections[_START] = startup.measure(rig)
    if _DEFINITIONS in only:
        with _told("definitions"):
            sections[_DEFINITIONS] = definitions.measure(rig)
    found: list[audits.OfSize] = []
    if only & {_COLD, _WARM, _LARGE, _GROWTH}:
        with _told("audits of all sizes"):
            found = _of_sizes(rig, only, sections)
    return [sections[number] for number in sorted(sections)], found if _GROWTH in only else []


def _of_sizes(rig: Rig, only: frozenset[int], sections: dict[int, Section]) -> list[audits.OfSize]:
    options = rig.options
    needed = {_COLD: {options.base}, _WARM: {options.base, options.largest}, _LARGE: {options.base, options.largest}}
    sizes = set(options.sizes) if _GROWTH in only else set[int]().union(*(needed.get(one, set()) for one in only))
    by_size = audits.measure(rig, sorted(sizes))
    if _COLD in only:
        sections[_COLD] = audits.cold_section(rig, by_size[options.base])
    if _WARM in only:
        sections[_WARM] = audits.warm_section([by_size[one] for one in sorted(needed[_WARM])], options.base)
    if _LARGE in only:
        sections[_LARGE] = audits.large_section(by_size[options.base], by_size[options.largest])
    found = list(by_size.values())
    if _GROWTH in only:
        sections[_GROWTH] = growth.section(found, options, str(_PICTURE))
    return found


@contextmanager
def _told(what: str) -> Any:
    began = time.monotonic()
    print(f"{what} ...", flush=True)
    yield
    print(f"{what}: {time.monotonic() - began:.0f} s", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", type=_numbers, default=_ALL, metavar="1,2", help="of issue 6: 1 to 8")
    parser.add_argument("--repeats", type=int, default=5, metavar="N")
    parser.add_argument("--architect-flows", type=_sizes, default=_SIZES, metavar="60,500", help="sizes of orgs")
    parser.add_argument("--publishes", type=int, default=40, metavar="N")
    parser.add_argument("--output", type=Path, metavar="FILE", help=f"a page of its own instead of {_PAGE}")
    return parser


def _numbers(text: str) -> frozenset[int]:
    numbers = frozenset(map(int, text.split(",")))
    if not numbers <= _ALL:
        raise argparse.ArgumentTypeError("there are 1 to 8")
    return numbers


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(map(int, text.split(","))))


if __name__ == "__main__":
    main()
