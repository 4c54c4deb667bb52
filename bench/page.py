"""The page docs/benchmarks.md: measured sections between fixed prose."""

from collections.abc import Iterable, Sequence

from bench.figures import Row, Section, Table, shown

_HEAD = "| what | target | median | min to max | met |\n| --- | --- | --- | --- | --- |"
_MET = {True: "yes", False: "**no**", None: ""}
_INTRODUCTION = """# Benchmarks

Written whole by `make bench` (`bench/`); do not edit. What a run of ours takes, against the least that it could take
and against the usual ways. No real org is asked: the simulator stands in for it, as a process of its own that answers
after {latency_ms} ms, over plain HTTP on loopback, with configurations of the sizes that were seen in real orgs
(docs/platform.md#reading-a-configuration).

- Every figure is the median of {repeats} repeats, with its smallest and largest value; each repeat is a process of its
  own, unless its section says otherwise.
- A *floor* is computed from what has to be asked (`bench/floors.py`), never measured. A target that is not met says
  **no**.
- *From first request to last answer* is read off the simulator's log; *whole process* is the wall clock from its start
  to its end, imports of Python and all reports and artifacts of the run included.
- All runs share one Prefect server (SQLite), which has come to rest before each run that is alone on the machine.
- *Cold*: a new storage directory. *Warm*: the next audit with the same one.
"""


def page(facts: Sequence[tuple[str, str]], sections: Iterable[Section], *, latency_ms: int, repeats: int) -> str:
    """Write the page; `facts`: what is to be known of the run, such as its machine."""
    known = "\n".join(["| | |\n| --- | --- |", *(f"| {name} | {value} |" for name, value in facts)])
    parts = [_INTRODUCTION.format(latency_ms=latency_ms, repeats=repeats), known, *map(_section, sections)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _section(section: Section) -> str:
    picture = [f"![{section.title}]({section.picture})"] if section.picture else []
    return "\n\n".join([f"## {section.title}", section.how, *map(_table, section.tables), *picture])


def _table(table: Table) -> str:
    title = f"**{table.title}**\n\n" if table.title else ""
    return title + "\n".join([_HEAD, *map(_row, table.rows)])


def _row(row: Row) -> str:
    cells = (row.what, row.target, shown(row.median, row.unit), _spread(row), _MET[row.is_met])
    return "| " + " | ".join(cells) + " |"


def _spread(row: Row) -> str:
    least, most = shown(min(row.values), row.unit), shown(max(row.values), row.unit)
    if least == most:
        return "always" if len(row.values) > 1 else ""
    return f"{least} to {most}"
