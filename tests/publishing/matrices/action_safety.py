"""The part of docs/safety.md that is about the limits of actions."""

from collections.abc import Iterable
from types import ModuleType

from publishing.actions import function_draft
from publishing.actions import patch as action_patch
from tests.publishing.actions.colleagues import PERSON_ACTIONS, VISITS
from tests.publishing.matrices.action_tables import KILLS, SEQUENCES, SETTINGS
from tests.publishing.matrices.exceptions import ACTION_EXCEPTIONS
from tests.publishing.matrices.matrix import ALL_LATE_MS, NOTHING_FOUND, cells
from tests.publishing.matrices.tables import by_row, exceptions, listed, table

_INTRODUCTION = """\
## The limits of actions

The limit of an integration action is changed at once and without a lock, so the platform's `version` and what is read
right before the change are all that stands between two people. After the run, or at most one rerun with a fresh plan:

- the limit is the planned one, or the one from before; where it changed, the version is the next one;
- everything else is as it was to the byte: both templates, headers, contract, name, category and function;
- no draft of ours is left; where `integrations:action:delete` is missing it is told, and gone after the rerun;
- no draft of anybody else is touched;
- the outcome is true, also after all that was under way has come: *published* exactly where ours is live, *failed* and
  *skipped* only where the limit is as before, *unknown* only where the platform could not be read to the end, or where
  the answer to a PATCH or a publish was lost and nothing came of it within 75 s. A roll back covers what is unknown;
- the outcome names what differs by its path, never by its value: headers hold secrets.

A 404 alone is no proof. It is repeated for 25 s, then the listing is asked, which shows actions and no drafts: a draft
that is not shown keeps its mark, so that the next run knows it as ours wherever it is there all the same. Only where
the platform took our discard, or published the draft, is the mark forgotten.

A version that is older than the plan's, or the plan's with another limit of its function, may be shown by a replica
that lags behind. It is read again for 25 s, and an older one is never told as live: *skipped* where nothing was sent.
"""


def sections() -> tuple[str, ...]:
    """Write them."""
    return (
        _INTRODUCTION,
        _steps("The limit of an action, by PATCH", action_patch),
        _steps("The limit of a function data action, by its draft", function_draft),
        _faults(),
        _kills(),
        _colleagues(),
        exceptions("Exceptions of actions", ACTION_EXCEPTIONS),
    )


def _steps(title: str, module: ModuleType) -> str:
    return f"## {title}\n\n{(module.__doc__ or '').partition(chr(10) * 2)[2]}"


def _faults() -> str:
    played = [
        (
            setting,
            sequence.name,
            _named(requests),
            sum(len(cells((sequence, setting, each), NOTHING_FOUND)) for each in requests),
        )
        for setting in SETTINGS.values()
        for sequence, requests in setting.bears_on.items()
    ]
    return f"""\
## Fault matrix of actions: {sum(row[-1] for row in played)} cells

The sequences; what is read whole is the document, both templates, the function where there is one, and the document
again, a request each:

{table(("what is done", "requests"), [(one.name, _named(one.requests)) for one in SEQUENCES])}
The faults are those above, and "{NOTHING_FOUND}", listings included. What was lost is given
{ALL_LATE_MS // 1_000} s more to come before the outcome is judged.

{table(("the platform", "what is done", "requests that it bears on", "cells"), played)}"""


def _kills() -> str:
    killed = [(setting, what, _named(kill.request for kill in its)) for (setting, what), its in by_row(KILLS)]
    return f"""\
## Kill matrix of actions: {len(KILLS)} cells

As above; the mark that says which draft is ours is a file, and outlives the run.

{table(("the platform", "what is done", "killed after"), killed)}"""


def _colleagues() -> str:
    visited = [
        (
            setting,
            what,
            listed(dict.fromkeys(visit.moment for visit in its)),
            _named(dict.fromkeys(visit.request for visit in its)),
            len(its),
        )
        for (setting, what), its in by_row(VISITS)
    ]
    return f"""\
## Colleague matrix of actions: {len(VISITS)} cells

Somebody {listed(PERSON_ACTIONS)}, right before and right
after each request. Their change, draft, version, name and deletion are as they left them; ours is wholly done or not at
all, and told so.

{table(("the platform", "what is done", "when", "request", "cells"), visited)}"""


def _named(requests: Iterable[str]) -> str:
    """List requests; the reads of a whole action are one."""
    names = list(requests)
    whole = {name for name in names if f"{name}'s success template" in names}
    parts = {name for name in names for of in whole if name.startswith(f"{of}'s ") or name == f"{of} again"}
    return listed(f"{name} (whole)" if name in whole else name for name in names if name not in parts)
