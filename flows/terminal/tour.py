"""The tour of the demo org: raise, find nothing left to do, roll back, and prove that every byte is as it was."""

import hashlib
import shutil

from flows.terminal import surroundings
from flows.terminal.demo_org import demo_org
from flows.terminal.exits import Exit
from flows.terminal.plain import plain
from flows.terminal.prefect_server import prefect_server
from flows.terminal.runs import Ran, execute, out, present
from timeouts.policy import Policy

TO_MS = 10_000
RAISE: dict[str, object] = {"policy": Policy.raise_to(TO_MS), "apply": True}
UNHURRIED = ("--rate-limit", "off")
"""Three runs and two looks at everything are more than the 300 requests that the platform allows in a minute."""


def tour() -> Exit:
    """Run the main job on the demo org from its beginning, in one process, so that one Prefect server serves all."""
    surroundings.prepare(verbose=False)
    shutil.rmtree(surroundings.home() / "org", ignore_errors=True)
    with demo_org(surroundings.home() / "org", *UNHURRIED), prefect_server() as temporary:
        before = _live_bytes()
        raised = _stop("1. Raise every Call Data Action step to 10s, publish, verify", "raise", RAISE, temporary)
        if raised.report is None or not raised.state.is_completed():
            return Exit.FAILED
        again = _stop(
            "2. The same again: a run straight after finds nothing to do", "raise", RAISE, temporary=temporary
        )
        back = _stop(
            "3. Roll the first run back",
            "roll back",
            {"run": raised.report.run.id, "apply": True},
            temporary,
        )
        after = _live_bytes()
    if not again.state.is_completed() or not back.state.is_completed():
        return Exit.FAILED
    return _compare(before, after)


def _stop(title: str, kind: str, parameters: dict[str, object], temporary: bool) -> Ran:
    out.print()
    out.print(plain(title, "bold cyan"))
    ran = execute(kind, parameters)
    present(ran, temporary=temporary)
    return ran


def _live_bytes() -> dict[str, str]:
    """The hash of every live configuration, as the platform serves it, byte for byte."""
    from flows.connections import credentials_for, read_client

    with read_client(credentials_for(None)) as client:
        return {
            each.id: hashlib.sha256(client.configuration(each.id, each.published_version)).hexdigest()
            for each in client.list_architect_flows()
            if each.published_version is not None
        }


def _compare(before: dict[str, str], after: dict[str, str]) -> Exit:
    moved = [each for each, digest in before.items() if after.get(each) != digest]
    out.print()
    if moved or len(before) != len(after):
        out.print(plain(f"{len(moved)} live configurations are not as they were: {', '.join(moved)}", "red"))
        return Exit.FAILED
    out.print(
        plain(f"All {len(before)} live configurations are byte-identical to the beginning, timeouts included.", "green")
    )
    return Exit.DONE
