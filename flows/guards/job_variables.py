"""What the Prefect server may put into the environment of a run: nothing by which a run knows its org, keys or storage.

Whoever has the server's password edits deployments, work pools and the job variables of a run. By those they could name
approvers, a key that seals, another storage or another way to the platform. So a run whose job variables hold more than
what we ship, or hide what they hold behind a reference, is refused by name.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from prefect import get_client, runtime
from prefect.client.schemas.objects import FlowRun

from genesys import ConfigurationProblem

MAY_BE_SET = frozenset(
    {
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY",
        "GENESYS_TIMEOUTS_STORAGE",
        "GENESYS_READ_TIMEOUT",
        "PREFECT_LOGGING_LEVEL",
        "TZ",
    }
)
"""Environment variables that say nothing of whom a run believes."""

_HIDING = ("{{", "$ref", "block_document", "prefect.variables", "prefect.blocks")
"""What the server, or the worker, fills with something that is not seen here. Dotted names are unfolded, too."""

_HIDING_IN_A_POOL = _HIDING[2:]
"""A work pool's template is made of the others."""


_AS_GIVEN = "{{ env }}"
"""What a work pool's template has where the environment of a run is what its job variables say."""


def check_job_variables() -> None:
    """Refuse the current run where the server sets more of its environment. Raises ConfigurationProblem."""
    for where, what in _set_by_the_server(UUID(str(runtime.flow_run.id))):
        raise ConfigurationProblem(
            f"{where} sets {what} by its job variables: nothing that is edited on the Prefect server may do that. Take "
            "it out there, set it in the environment of the workers, and start a new run. Nothing was changed."
        )


def _set_by_the_server(run_id: UUID) -> Iterator[tuple[str, str]]:
    with get_client(sync_client=True) as client:
        run: FlowRun = client.read_flow_run(run_id)
        for what in _beyond(run.job_variables):
            yield f"The run {run.name}", what
        if run.deployment_id is not None:
            deployment = client.read_deployment(run.deployment_id)
            for what in _beyond(deployment.job_variables):
                yield f"The deployment {deployment.name}", what
        if run.work_pool_name:
            template = client.read_work_pool(run.work_pool_name).base_job_template
            for what in _beyond_in_pool(template):
                yield f"The work pool {run.work_pool_name}", what


def _beyond(job_variables: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield what stands in job variables that may not."""
    given = job_variables or {}
    text = json.dumps(given, default=str)
    if any(each in text for each in _HIDING) or any("." in name for name in given):
        yield "what a template or a reference stands for"
    yield from _names_beyond(given.get("env"))


def _beyond_in_pool(template: Mapping[str, Any]) -> Iterator[str]:
    """Yield the same of a work pool: what it sets by default, and what it would take from the server."""
    text = json.dumps(template, default=str)
    if any(each in text for each in _HIDING_IN_A_POOL):
        yield "what a reference stands for"
    yield from _names_beyond(template.get("variables", {}).get("properties", {}).get("env", {}).get("default"))
    fixed = template.get("job_configuration", {}).get("env")
    if fixed != _AS_GIVEN:
        yield from _names_beyond(fixed)


def _names_beyond(env: Any) -> Iterator[str]:
    if env is None:
        return
    if not isinstance(env, Mapping):
        yield "its whole environment"
        return
    for name in env:
        if name not in MAY_BE_SET:
            yield str(name)
