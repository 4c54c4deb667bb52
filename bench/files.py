"""An audit of a checkout of 2,000 files, beside reading and parsing them and nothing else."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.checkout import Checkout, write_checkout
from bench.figures import Section, Table, plain, seconds
from bench.rig import Rig, Run

_FILES = 2_000


def measure(rig: Rig) -> list[Section]:
    """Audit the checkout, and read and parse its files by a process that does nothing else, in turns."""
    with TemporaryDirectory() as folder:
        checkout = write_checkout(Path(folder), _FILES)
        given = json.dumps({"folder": folder})
        parsed, audits, again = [], [], []
        for _ in range(rig.options.repeats):
            home = rig.new_home()
            parsed.append(rig.run("parse-files", given=given))
            audits.append(rig.audit_files(given, home))
            again.append(rig.audit_files(given, home))
    return [_section(checkout, parsed, audits, again)]


def _section(checkout: Checkout, parsed: list[Run], audits: list[Run], again: list[Run]) -> Section:
    floor_s = [each.told["ms"] / 1000 for each in parsed]
    beside = [each.longer_ms / 1000 / floor for each, floor in zip(audits, floor_s, strict=True)]
    rows = (
        plain("reading and parsing alone", floor_s, "s"),
        plain("reading and parsing alone, most memory", [each.peak_mb for each in parsed], "MB"),
        plain("empty Prefect flow, whole process", seconds(each.empty_ms for each in audits), "s"),
        plain("first audit, whole process", seconds(each.wall_ms for each in audits), "s"),
        plain("how much longer than the empty flow, pair by pair", seconds(each.longer_ms for each in audits), "s"),
        plain("the same, by reading and parsing alone", beside, "x"),
        plain("first audit, most memory", [each.peak_mb for each in audits], "MB"),
        plain("next audit, whole process", seconds(each.wall_ms for each in again), "s"),
    )
    return Section(
        f"Audit of {checkout.files:,} files",
        f"{checkout.architect_flows:,} Architect flows, {checkout.bytes / 1e6:.0f} MB: Architect exports (the demo "
        "org's configurations, encoded), Archy YAML, exports of actions, Terraform. *Reading and parsing alone*: one "
        "process that reads each file, decodes it, and parses it once with the parser that an audit uses; its imports "
        f"are not counted. No org is asked. What the audit found: {audits[-1].told['message']}",
        (Table(rows),),
    )
