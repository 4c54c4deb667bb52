"""docs/safety.md, made from the tables of the tests: `python -m tests.publishing.matrices.safety`."""

from collections.abc import Iterable
from pathlib import Path

from publishing.architect import states
from tests.publishing.colleagues import MODULE_ACTIONS, MODULE_VISITS, PERSON_ACTIONS, VISITS, Visit
from tests.publishing.flow_data_scenes import CELLS as FLOW_DATA_CELLS
from tests.publishing.flow_data_scenes import SEQUENCE as FLOW_DATA_SEQUENCE
from tests.publishing.forms import FORMS
from tests.publishing.matrices import action_safety
from tests.publishing.matrices.architect_tables import (
    AFTER_A_FAILED_PUBLISH,
    KILLS,
    SEQUENCE,
    SETTINGS,
)
from tests.publishing.matrices.exceptions import EXCEPTIONS
from tests.publishing.matrices.matrix import FAULTS, LOGIN, MISSING, OUTAGE, cells
from tests.publishing.matrices.tables import by_row, exceptions, listed, table
from tests.publishing.meetings import MEETINGS

PATH = Path(__file__).parents[3] / "docs" / "safety.md"

_INTRODUCTION = """\
# Safety

What may go wrong while an Architect flow is published or the limit of an action changed, and what holds then. Made by
`python -m tests.publishing.matrices.safety` from the tables that the tests run; a test fails when it is out of date.
Every cell is played over real HTTP against the simulator, in `make test`.

## What holds

After the run, or at most one rerun with a fresh plan:

- the published version is the next one, or the one from before;
- what is live is byte for byte what an undisturbed run makes live, or what was live before;
- no lock of ours, nothing of ours saved, nothing of ours checked in and not published;
- no version was published twice;
- the outcome is true, also once all has landed that came late: *published* exactly where ours is live as expected,
  *unchanged* where it was live before, *failed* and *skipped* only where what is live is as before, *unknown* only
  where the platform could not be read;
- any lock of ours that remains is reported.

All this holds of a republish, too, which changes nothing of the Architect flow's own and takes in what its common
modules say: what is live after it is what was live, with the newest snapshots, byte for byte.
"""

_HOW = """\
A lock that may be ours, and that this attempt did not take for certain, is watched first: while anything moves under
it (lock, draft, versions, a running operation) another run lives, and it is waited for. When nothing has moved for the
grace period (2 minutes, longer than a living run stands still) its owner counts as dead. Its draft is then discarded if
it is the live content with other timeouts, and left alone if it is anything else. Where `lockedClient` shows an id that
is not our client's (an open question, docs/platform.md#open-own-lock), the platform itself tells: it refuses to revert
under anybody else's lock. Once a check-out of the run has shown what our locks look like, others are told at once.

A lost answer is read for a settle period (75 s, longer than gateways wait for what is behind them) before it counts as
nothing; lock and draft are kept meanwhile. A 404 of what was there a moment ago is repeated for 25 s, then the listing
is asked: only a 410, or a 404 that the listing confirms, means that an Architect flow is gone.
"""

_TWO_RUNS = f"""\
## Two runs at once: {len(MEETINGS)} cells

Two clients with the same id publish the same eight Architect flows, eight at a time each, with either answer to
`second_checkout`: every version is published once; one run tells it as published, the other as unchanged where it
came later.

Two runs with one client and a Prefect server each, so that nothing keeps them apart: the first stands still right
before and right after each of its requests until the other counts it as dead, and goes on while the other publishes, or
after its end. The other has the same plan or another one; a second check-out is refused or not, a revert cancels what
runs or is refused. Nothing in flight is taken back, nothing of either is left, and both tell what became of theirs.
"""


def page() -> str:
    """Write the page."""
    table = (states.__doc__ or "").partition("\n\n")[2]
    sections = (_faults(), _kills(), _colleagues(), _TWO_RUNS, _forms(), exceptions("Exceptions", EXCEPTIONS))
    return "\n".join((_INTRODUCTION, "## The protocol\n", table, _HOW, *sections, *action_safety.sections()))


def _faults() -> str:
    played = [
        (
            setting,
            sequence.name,
            listed(requests),
            sum(len(cells((sequence, setting, each))) for each in requests),
        )
        for setting in SETTINGS.values()
        for sequence, requests in setting.bears_on.items()
    ]
    more = listed(name for name in AFTER_A_FAILED_PUBLISH if name not in SEQUENCE)
    return f"""\
## Fault matrix: {sum(row[-1] for row in played)} cells

The requests: {listed([*LOGIN, *SEQUENCE])}; where the platform fails the first publish also {more}. A republish
sends the same, and so does a roll back. That one is played right after a raise, on replicas that remember what they
showed before it: "20 s behind" shows them what was live before the raise, which is what the roll back wants.

The faults: {listed([*FAULTS, MISSING, OUTAGE])}. Those before, after or with the effect of a request are played with
writes; with a read there is no effect, and one reset.

{table(("the platform", "what is done", "requests that it bears on", "cells"), played)}
The other kind of definition, `flowData`: {len(FLOW_DATA_CELLS)} cells ({listed(FLOW_DATA_SEQUENCE)}, by every fault).
"""


def _kills() -> str:
    killed = [(setting, what, listed(kill.request for kill in its)) for (setting, what), its in by_row(KILLS)]
    return f"""\
## Kill matrix: {len(KILLS)} cells

A run in a process of its own gets SIGKILL when the platform has carried out its n-th request and before the answer is
there; then a rerun.

{table(("the platform", "what is done", "killed after"), killed)}"""


def _colleagues() -> str:
    return f"""\
## Colleague matrix: {len(VISITS) + len(MODULE_VISITS)} cells

Somebody {listed(PERSON_ACTIONS)}, right before and right after each request, also of one whose publish
fails. Their lock, draft, version, name and deletion are as they left them; ours is wholly done or not at all, and told
so.

Somebody {listed(MODULE_ACTIONS)}, right before and right
after each request of a republish. Their version of the module stays, and the Architect flow's own content is as it was;
ours is told as published only where the copy says what was planned, and else as failed, naming what it says.

{table(("the platform", "what is done", "cells"), _counted([*VISITS, *MODULE_VISITS]))}"""


def _counted(visits: Iterable[Visit]) -> list[tuple[str, str, int]]:
    return [(setting, what, len(its)) for (setting, what), its in by_row(visits)]


def _forms() -> str:
    return f"""\
## Bytes: {len(FORMS)} forms of JSON

Around a timeout, on the wire and back: {listed(FORMS)}.
"""


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
