"""What the Prefect server itself knows of a run's figures: labels of its flow run, which metrics are made of.

They stay as long as the run, and whoever asks for a run gets them with it: no result storage, no seal key. They are for
people to look at and decide nothing: whoever has the server's password can write them, too. The record has the truth.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from prefect import get_client, runtime
from pydantic import Field, StrictInt, StringConstraints, ValidationError

from reports.report import Report
from tasks.running.warning import warn
from timeouts.model.values import Value
from timeouts.planning.outcomes import counts_of, of_kind
from timeouts.text.outlets import inert

PREFIX = "genesys-timeouts."
"""What the names of our labels begin with."""

_LONGEST_NAME = 200
_Count = Annotated[StrictInt, Field(ge=0, le=10**12)]


class RunFigures(Value):
    """The figures of a run, of its last attempt where it had several.

    `read`: Architect flows that it read; `published` and `actions`: Architect flows and limits of actions that it
    published; `not_done`: of both, those that are failed or unknown. `requests`, `rate_limited`, `waiting_ms`: what it
    asked of the platform, answers 429, and how long it was made to wait.
    """

    org_id: Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_NAME)]
    org: Annotated[str, StringConstraints(max_length=2 * _LONGEST_NAME)]
    read: _Count
    published: _Count
    actions: _Count
    not_done: _Count
    requests: _Count
    rate_limited: _Count
    waiting_ms: _Count


def figures_of(report: Report) -> RunFigures:
    """Return the figures of a run, of whose names no reader makes more than words."""
    flows, actions = (of_kind(report.outcomes, kind) for kind in ("architect_flow", "action"))
    return RunFigures(
        org_id=inert(report.org.id, _LONGEST_NAME),
        org=inert(report.org.name, _LONGEST_NAME),
        read=report.coverage.read,
        published=counts_of(flows)["published"],
        actions=counts_of(actions)["published"],
        not_done=len(report.failed),
        requests=report.requests.total,
        rate_limited=report.requests.rate_limited,
        waiting_ms=report.requests.waiting_ms,
    )


def label_run(report: Report) -> None:
    """Put the figures of the current run on the Prefect server; where it cannot take them, that is logged."""
    labels = {f"{PREFIX}{name}": value for name, value in figures_of(report).model_dump().items()}
    try:
        with get_client(sync_client=True) as client:
            client.update_flow_run_labels(runtime.flow_run.id, labels)
    except Exception as problem:  # noqa: BLE001 - Prefect's client passes on those of its HTTP library
        warn("the figures of this run are not on the Prefect server, and metrics miss them: %s", problem)


def figures_in(labels: Mapping[str, Any]) -> RunFigures | None:
    """Return the figures that the labels of a flow run hold, None where they hold none, or none that we would write."""
    ours = {name.removeprefix(PREFIX): value for name, value in labels.items() if name.startswith(PREFIX)}
    known = {name: ours[name] for name in RunFigures.model_fields if name in ours}
    try:
        found = RunFigures.model_validate(known)
    except ValidationError:
        return None
    harmless = {"org_id": inert(found.org_id, _LONGEST_NAME), "org": inert(found.org, _LONGEST_NAME)}
    return found.model_copy(update=harmless)
