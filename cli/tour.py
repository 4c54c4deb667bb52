"""The tour of the demo org: raise on both levers, find nothing left to do, roll back, prove every byte."""

import hashlib
import json
from collections import Counter
from typing import NamedTuple
from urllib.request import Request, urlopen

from cli import environment
from cli.exits import Exit, saying_problems
from cli.outputs import Files, Shown
from cli.running.executing import Ran, execute, present
from cli.servers.demo_org import demo_org
from cli.servers.prefect_server import prefect_server
from cli.showing.screens import out
from reports.terminal.plain import plain
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.model.durations import format_duration
from timeouts.policy.policy import Policy

TO_MS = 10_000
ANSWER_MS = 9_000
RAISE: dict[str, object] = {"policy": Policy.raise_to(TO_MS, levers=("step", "action")), "mode": "apply"}
UNHURRIED = ("--rate-limit", "off")
"""Three runs and two readings of everything are more than the 300 requests that the platform allows in a minute."""
_ENDINGS = {"__SUCCESS__": "are answered", "__FAILURE__": "fail by the action's limit", "__TIMEOUT__": "time out"}


_SHORT = 2
"""Rows of a table of the first run, and none of the others: all three fit two screens."""


@saying_problems
def tour(*, whole: bool = False) -> Exit:
    """Run the main job on the demo org from its beginning, in one process, so that one Prefect server serves all.

    `whole`: with every row of every table.
    """
    environment.prepare()
    files = Files(shown=Shown(all=whole, rows=_SHORT))
    rest = files if whole else Files(shown=Shown(quiet=True))
    with demo_org(environment.home() / "org", *UNHURRIED) as url, prefect_server() as temporary:
        _ask(url, "reset")  # by the org itself: what lies in its folder may be another command's
        before = _live()
        _call_everything(url, "before")
        raised = _stop(
            "1. Raise every wait to 10s, on steps and actions, publish, verify", "raise", RAISE, files, temporary
        )
        if raised.report is None or not raised.state.is_completed():
            return Exit.FAILED
        _call_everything(url, "after")
        again = _stop("2. The same again: a run straight after finds nothing to do", "raise", RAISE, rest, temporary)
        back = _stop(
            "3. Roll the first run back",
            "roll back",
            {"run": raised.report.run.id, "mode": "apply"},
            rest,
            temporary,
        )
        after = _live()
    if not again.state.is_completed() or not back.state.is_completed():
        return Exit.FAILED
    return _compare(before, after)


def _stop(title: str, kind: str, parameters: dict[str, object], files: Files, temporary: bool) -> Ran:
    out.print()
    out.print(plain(title, "bold cyan"))
    ran = execute(kind, parameters)
    present(ran, files, temporary=temporary, says_where=files.shows_tables)
    return ran


def _call_everything(url: str, when: str) -> None:
    """Let the demo org carry out every step while the systems behind its actions answer slowly, and count the ends."""
    ends = Counter(each["path"] for each in json.loads(_ask(url, "executions", answer_after_ms=ANSWER_MS)))
    said = ", ".join(f"{ends[path]} {what}" for path, what in _ENDINGS.items() if ends[path])
    slow = f"Callers {when}, where every system behind answers in {format_duration(ANSWER_MS)}:"
    out.print()
    out.print(plain(f"{slow} of {ends.total()} steps {said}.", "bold"))


def _ask(url: str, command: str, **values: int) -> bytes:
    body = json.dumps(values).encode()
    with urlopen(Request(f"{url}/simulator/{command}", data=body, method="POST")) as answer:  # noqa: S310 - loopback
        return bytes(answer.read())


class _Live(NamedTuple):
    """What is live of an Architect flow or action: a digest of its bytes, and one of what is its own.

    Snapshots of common modules are not a caller's own: every publish takes in the newest ones, and nothing takes them
    out again.
    """

    every_byte: str
    own: str


def _live() -> dict[str, _Live]:
    """Read every live configuration, and every action with its templates and function; by id."""
    from flows.sources.connections import credentials_for, read_client

    with read_client(credentials_for(None)) as client:
        configurations = {
            each.id: _digests(client.configuration(each.id, each.published_version))
            for each in client.list_architect_flows()
            if each.published_version is not None
        }
        contents = {
            each.id: repr(sorted(client.action_content(each.id).fingerprints().items())) for each in client.actions()
        }
    return configurations | {action_id: _Live(content, content) for action_id, content in contents.items()}


def _digests(configuration: bytes) -> _Live:
    every_byte = hashlib.sha256(configuration).hexdigest()
    try:
        definition = read_definition(configuration)
    except UnreadableDefinition:
        return _Live(every_byte, every_byte)
    return _Live(every_byte, definition.fingerprint if definition.snapshots else every_byte)


def _compare(before: dict[str, _Live], after: dict[str, _Live]) -> Exit:
    moved = [each for each, live in before.items() if each not in after or after[each].own != live.own]
    out.print()
    if moved or len(before) != len(after):
        out.print(plain(f"{len(moved)} of them are not as they were: {', '.join(moved)}", "red"))
        return Exit.FAILED
    newer = sum(after[each].every_byte != live.every_byte for each, live in before.items())
    same = f"{len(before) - newer} of {len(before)}" if newer else f"All {len(before)}"
    said = f"{same} live configurations and actions are byte-identical to the beginning, timeouts included"
    others = f"; {newer} differ only in the newer common modules that they took in, as every publish does"
    out.print(plain(f"{said}{others if newer else ''}.", "green"))
    return Exit.DONE
