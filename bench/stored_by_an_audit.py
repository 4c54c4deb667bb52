"""What audits of a large org store, and what that does to the Prefect server. Prints Markdown: docs/sizes.md.

make stored                                                  # 5,000 Architect flows, SQLite
make stored STORED="--database postgresql+asyncpg://..."     # an empty database on a Postgres that runs
make stored STORED="--architect-flows 200"
"""

import argparse
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.api import Api, Times
from bench.databases import Database, Postgres, Sizes, SQLite
from bench.processes import org_of, prefect_server
from bench.simulators import Simulator

_QUIET_SECONDS = 6
_MOVED = 100
_AUDIT = """
import sys
from flows.audit import audit
state = audit(return_state=True)
print(state.state_details.flow_run_id, state.name, state.message)
"""
_RESULTS = {
    "genesys-timeouts-readings-": "readings of all Architect flows, in one file",
    "genesys-timeouts-audit-": "what the last two audits saw",
    "genesys-timeouts-run-": "reports and tables of runs",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One audit: how long it took, how the API answered meanwhile, and how much more is stored after it."""

    title: str
    run_id: str
    ending: str
    seconds: float
    drained_seconds: float
    meanwhile: Times
    grown: Sizes
    results: Sizes


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder, org_of(options.architect_flows) as org:
        home = Path(folder)
        database: Database = SQLite(home) if options.database is None else Postgres(options.database)
        environment = {
            "PREFECT_HOME": folder,
            "PREFECT_API_DATABASE_CONNECTION_URL": database.url,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
        }
        with prefect_server(environment) as server:
            bench = Bench(Api(server.url), database, home, environment | _org_environment(org, server.url))
            audits = [bench.audit("cold: nothing was read before"), bench.audit("warm: nothing was published since")]
            moved = _work_of_a_colleague(org, audits[-1].run_id, home)
            audits.append(bench.audit(f"after a colleague republished {moved} Architect flows"))
            print(f"\n## {database.name}, {options.architect_flows:,} Architect flows\n")
            _print_audits(audits)
            _print_results(audits, home)
            _print_answers(bench.api, audits[-1].run_id)


class Bench:
    """A Prefect server and an org, and audits that are measured."""

    def __init__(self, api: Api, database: Database, home: Path, environment: Mapping[str, str]) -> None:
        self.api = api
        self._database = database
        self._home = home
        self._environment = environment

    def audit(self, title: str) -> Measured:
        """Run one audit as a process of its own."""
        before, results_before = self._settled(), _results(self._home)
        started = time.monotonic()
        with self.api.watched() as meanwhile:
            done = subprocess.run(
                [sys.executable, "-c", _AUDIT],
                env={**os.environ, **self._environment},
                check=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        ended = time.monotonic()
        after = self._settled()
        run_id, _, ending = done.stdout.strip().splitlines()[-1].partition(" ")
        return Measured(
            title,
            run_id,
            ending,
            seconds=ended - started,
            drained_seconds=time.monotonic() - ended - _QUIET_SECONDS,
            meanwhile=meanwhile,
            grown=_difference(after, before),
            results=_difference(_results(self._home), results_before),
        )

    def _settled(self) -> Sizes:
        """Give the sizes once the server has written what it still had to write: it stops growing."""
        sizes, since = self._database.sizes(), time.monotonic()
        while time.monotonic() - since < _QUIET_SECONDS:
            time.sleep(0.5)
            now = self._database.sizes()
            if now != sizes:
                sizes, since = now, time.monotonic()
        return sizes


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architect-flows", type=int, default=5_000, metavar="N")
    parser.add_argument("--database", metavar="URL", help="an empty Postgres database; without it SQLite")
    return parser.parse_args()


def _org_environment(org: str, url: str) -> dict[str, str]:
    return {
        "PREFECT_API_URL": url,
        "GENESYS_API_URL": org,
        "GENESYS_CLIENT_ID": "demo-writer",
        "GENESYS_CLIENT_SECRET": "demo-writer-secret",
        "GENESYS_READ_TIMEOUT": "30s",
    }


def _results(home: Path) -> Sizes:
    sizes: Counter[str] = Counter()
    for path in (home / "storage").glob("*"):
        what = next((what for begin, what in _RESULTS.items() if path.name.startswith(begin)), "others")
        sizes[what] += path.stat().st_size
    return sizes


def _difference(after: Sizes, before: Sizes) -> Sizes:
    return {name: size - before.get(name, 0) for name, size in after.items() if size != before.get(name, 0)}


def _work_of_a_colleague(org: str, run_id: str, home: Path) -> int:
    """Let a colleague double the literal timeouts of some Architect flows; gives how many that were."""
    report = json.loads((home / "storage" / f"genesys-timeouts-run-{run_id}-1-before").read_text("utf-8"))
    simulator = Simulator(org)
    literal = dict.fromkeys(
        step["architect_flow_id"] for step in report["steps"] if step["setting"]["kind"] == "literal"
    )
    moved = 0
    for architect_flow_id in literal:
        state = simulator.control("GET", f"state?bodies=true&architect_flow_id={architect_flow_id}")
        found = state["architectFlows"][architect_flow_id]
        body = next((each["text"] for each in found["versions"] if each["id"] == found["published"]), "")
        longer = re.sub(r"P0D0H0M([0-9]+)S0F", lambda match: f"P0D0H0M{int(match[1]) * 2}S0F", body)
        deed = {
            "kind": "publish",
            "architect_flow_id": architect_flow_id,
            "base64": base64.b64encode(longer.encode()).decode(),
        }
        moved += not simulator.control("POST", "people", deed)["refused"]
        if moved == _MOVED:
            break
    return moved


def _print_audits(audits: Iterable[Measured]) -> None:
    for audit in audits:
        print(f"### Audit, {audit.title}\n")
        print(f"{audit.ending}.\n")
        print(f"- took {audit.seconds:.1f} s; the server was done {max(0.0, audit.drained_seconds):.0f} s later")
        print(f"- list of runs, asked twice a second meanwhile: {audit.meanwhile}")
        _print_sizes("table of the database", audit.grown)
        _print_sizes("result storage", audit.results)


def _print_sizes(what: str, sizes: Sizes) -> None:
    print(f"\n| {what} | grew by |\n| --- | --- |")
    for name, size in sorted(sizes.items(), key=lambda each: -each[1]):
        print(f"| {name} | {_size(size)} |")
    print(f"| **all** | **{_size(sum(sizes.values()))}** |\n")


def _print_results(audits: Iterable[Measured], home: Path) -> None:
    print("### Files of one audit in result storage\n")
    print("| file | size |\n| --- | --- |")
    last = list(audits)[-1].run_id
    for path in sorted((home / "storage").glob("genesys-timeouts-*")):
        if last in path.name or path.name.endswith(("-last", "-previous")):
            name = re.sub(r"[0-9a-f]{64}", "ORG", path.name).replace(last, "RUN")
            print(f"| {name} | {_size(path.stat().st_size)} |")
    print()


def _print_answers(api: Api, run_id: str) -> None:
    """Ask what the UI asks when it shows the run, its artifacts and one of them."""
    of_run = {"artifacts": {"flow_run_id": {"any_": [run_id]}}, "sort": "ID_DESC"}
    listed = api.ask("/artifacts/filter", of_run).document
    print("### Artifacts of the last audit\n")
    print("| artifact | data | answer | time |\n| --- | --- | --- | --- |")
    keyed = sorted((each for each in listed if each["key"]), key=lambda each: -len(each["data"]))
    for each in keyed[:8]:
        times, answer = api.often(f"/artifacts/{each['id']}")
        print(f"| `{each['key']}` | {_size(len(each['data']))} | {_size(answer.size)} | {times} |")
    print(f"| {len(keyed[8:])} histories and others | {_size(sum(len(each['data']) for each in keyed[8:]))} | | |")
    print("\n### Answers after the last audit\n")
    print("| what the UI asks | answer | time |\n| --- | --- | --- |")
    questions: dict[str, tuple[str, dict[str, Any] | None]] = {
        "the run": (f"/flow_runs/{run_id}", None),
        "the list of runs": ("/flow_runs/filter", {"sort": "ID_DESC", "limit": 10}),
        "the graph of the run": (f"/flow_runs/{run_id}/graph-v2", None),
        "the artifacts of the run, with their data": ("/artifacts/filter", of_run),
        "the page of all artifacts": ("/artifacts/latest/filter", {"sort": "ID_DESC", "limit": 10}),
        "the task runs": ("/task_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}, "limit": 200}),
        "the log": ("/logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}, "limit": 200}),
    }
    for what, (path, body) in questions.items():
        times, answer = api.often(path, body)
        print(f"| {what} | {_size(answer.size)} | {times} |")


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB" if abs(count) >= 1_000_000 else f"{count / 1_000:,.1f} KB"  # noqa: PLR2004


if __name__ == "__main__":
    main()
