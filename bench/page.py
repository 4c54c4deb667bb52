"""Pages of measurements: Markdown, and the sections of docs/benchmarks.md between fixed prose."""

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from bench.figures import Row, Section, Table, shown
from bench.rig import Options

_HEAD = ("what", "target", "median", "min to max", "met")
_MET = {True: "yes", False: "**no**", None: ""}
_INTRODUCTION = """# Benchmarks

Written whole by `make bench` (`bench/`); do not edit. What a run of ours takes, against the least that it could take
and against the usual ways. No real org is asked: the simulator stands in for it, as a process of its own that answers
after {latency_ms} ms, over plain HTTP on loopback, with configurations of the sizes that were seen in real orgs
(docs/platform.md#reading-a-configuration).

- Every figure is the median of {repeats} repeats ({large_repeats} with {large:,} Architect flows), with its smallest
  and largest value; each repeat is a process of its own, unless its section says otherwise.
- A *floor* is computed from what has to be asked (`bench/floors.py`), never measured. A target that is not met says
  **no**.
- *From first request to last answer* is read off the simulator's log; *whole process* is the wall clock from its start
  to its end, imports of Python and all reports and artifacts of the run included.
- All runs share one Prefect server (SQLite), which has come to rest before each run that is alone on the machine.
- *Cold*: a new storage directory. *Warm*: the next audit with the same one."""


def page(facts: Iterable[tuple[str, str]], sections: Iterable[Section], options: Options) -> str:
    """Write docs/benchmarks.md; `facts`: what is to be known of the run, such as its machine."""
    introduction = _INTRODUCTION.format(
        latency_ms=options.latency_ms,
        repeats=options.repeats,
        large_repeats=options.large_repeats,
        large=options.large,
    )
    return "\n\n".join([introduction, markdown_table(("", ""), facts), *map(_section, sections)]) + "\n"


def machine_facts() -> list[tuple[str, str]]:
    """Return what is to be known of the machine and the versions, as names and values."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return [
        ("processor", f"{_processor()}, {os.cpu_count()} cores; load {os.getloadavg()[0]:.1f} when it began"),
        ("memory", f"{memory:.0f} GB"),
        ("system", f"{platform.system()} {platform.release()}"),
        ("Python", platform.python_version()),
        ("prefect", version("prefect")),
        ("SDK", version("PureCloudPlatformClientV2")),
    ]


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table in Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def _section(section: Section) -> str:
    return "\n\n".join([f"## {section.title}", section.how, *map(_table, section.tables)])


def _table(table: Table) -> str:
    title = f"**{table.title}**\n\n" if table.title else ""
    return title + markdown_table(_HEAD, map(_cells, table.rows))


def _cells(row: Row) -> Sequence[str]:
    least, most = shown(min(row.values), row.unit), shown(max(row.values), row.unit)
    always = "always" if len(row.values) > 1 else ""
    spread = f"{least} to {most}" if least != most else always
    return row.what, row.target, shown(row.median, row.unit), spread, _MET[row.is_met]


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
