"""An audit of a checkout of 2,000 files, beside reading and parsing them and nothing else."""

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Row, Section, Table, at_most, plain, seconds
from bench.folders.checkout import Checkout, write_checkout
from bench.rig import Rig, Run

_FILES = 2_000
_MEMORY_MB = 300
_TIMES_AT_MOST = 5
"""Of what reading and parsing alone takes: an audit reads each file whole to the places of its timeouts, checks that it
could be written back, and then makes every table and artifact."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One of each, right after each other."""

    parsed: Run
    empty: Run
    first: Run
    second: Run

    @property
    def own_cpu_s(self) -> float:
        """What the first audit took more than the empty flow."""
        return self.first.cpu_s - self.empty.cpu_s

    @property
    def parsing_s(self) -> float:
        """What reading and parsing alone took, without imports."""
        return float(self.parsed.told["own_cpu_ms"]) / 1000


def measure(rig: Rig) -> list[Section]:
    """Read and parse the checkout by a process that does nothing else, and audit it twice, in turns."""
    with TemporaryDirectory() as folder:
        checkout = write_checkout(Path(folder), _FILES)
        given = json.dumps({"folder": folder})
        return [_section(checkout, [_turn(rig, given) for _ in range(rig.options.repeats)])]


def _turn(rig: Rig, given: str) -> Turn:
    home, runs = rig.new_home(), []
    for job in ("parse-files", "empty", "audit-files", "audit-files"):
        rig.come_to_rest()
        runs.append(rig.run(job, home=home, given=given))
    return Turn(*runs)


def _section(checkout: Checkout, turns: list[Turn]) -> Section:
    return Section(
        f"Audit of {checkout.files:,} files",
        f"{checkout.architect_flows:,} Architect flows, {checkout.bytes / 1e6:.0f} MB: Architect exports (the demo "
        "org's configurations, encoded), Archy YAML, exports of actions, Terraform. *Reading and parsing alone*: one "
        "process that reads each file, decodes it, and parses it once with the parser that an audit uses; its imports "
        "are not counted. The processor's own time, since no answer is waited for. No org is asked. What the audit "
        f"found: {turns[-1].first.told['message']}.",
        (
            Table(tuple(_processor(turns)), "The processor's own time"),
            Table(tuple(_clock(turns)), "The clock"),
            Table(tuple(_memory(turns)), "Memory"),
        ),
    )


def _processor(turns: list[Turn]) -> list[Row]:
    beside = [each.own_cpu_s / each.parsing_s for each in turns]
    return [
        plain("reading and parsing alone", [each.parsing_s for each in turns], "s"),
        plain("empty Prefect flow, whole process", [each.empty.cpu_s for each in turns], "s"),
        plain("first audit, whole process", [each.first.cpu_s for each in turns], "s"),
        at_most("the same less the empty flow, by reading and parsing alone", beside, "x", _TIMES_AT_MOST),
        plain("next audit, whole process", [each.second.cpu_s for each in turns], "s"),
    ]


def _clock(turns: list[Turn]) -> list[Row]:
    return [
        plain("empty Prefect flow, whole process", seconds(each.empty.wall_ms for each in turns), "s"),
        plain("first audit, whole process", seconds(each.first.wall_ms for each in turns), "s"),
        plain("next audit, whole process", seconds(each.second.wall_ms for each in turns), "s"),
    ]


def _memory(turns: list[Turn]) -> list[Row]:
    return [
        plain("reading and parsing alone", [each.parsed.peak_mb for each in turns], "MB"),
        at_most("first audit", [each.first.peak_mb for each in turns], "MB", _MEMORY_MB),
    ]
