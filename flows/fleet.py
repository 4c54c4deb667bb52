"""The Prefect flow fleet: the same job in several orgs, one run of a deployment for each, and a table across them.

It never connects to an org itself: each org has a process of its own, so that neither settings of the SDK that hold for
a whole process (docs/measured.md#sdk-failures) nor one org's failure can touch another.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from prefect import flow, get_client, runtime
from prefect.client.schemas.objects import FlowRun, State
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.states import AwaitingRetry

from flows.record.records import NoRecordError, RefusedRecordError, kept_report
from flows.run.log_lines import one_line_each
from flows.run.our_flow import OURS, our_flow
from genesys.block import GenesysCloudCredentials
from reports.report import Report, WriteMode
from tasks.running.artifacts import create_table
from tasks.running.states import cancelled, completed, failed
from tasks.running.warning import warn
from tasks.storage import storages_of_all
from timeouts.planning.outcomes import counts_of, of_kind
from timeouts.policy.policy import Policy
from timeouts.text.outlets import inert
from timeouts.text.phrases import number_of

_DEPLOYMENTS = {"audit": "audit/audit", "raise": "raise-timeouts/raise"}
_POLL_SECONDS = 2.0

one_line_each()


class _Started(NamedTuple):
    """One org's part: the name of its credentials block and its run."""

    block: str
    run: FlowRun


@flow(name="fleet", **OURS)
@our_flow
def fleet(
    orgs: list[GenesysCloudCredentials],
    what: Literal["audit", "raise"] = "audit",
    policy: Policy = Policy(),  # noqa: B008 - frozen
    mode: WriteMode = "dry run",
) -> State[Any]:
    """Run the same job in several orgs at once, each in a run of its own, and show them in one table.

    Args:
        orgs: The orgs, by their credentials.
        what: An audit of each, or a raise in each.
        policy: Which steps should wait how long. May stay empty for an audit.
        mode: Of a raise: a dry run shows each plan and changes nothing; apply publishes and verifies it, and no audit
            takes it.
    """
    parameters = _parameters(what, policy, mode)
    started = [_start(org, _DEPLOYMENTS[what], parameters) for org in _each_once(orgs)]
    ended = [_Started(block, _wait_for(run)) for block, run in started]
    create_table(key="timeouts-fleet", rows=[_row(each) for each in ended], description="What became of each org")
    return _ending(ended)


def _each_once(orgs: Sequence[GenesysCloudCredentials]) -> list[GenesysCloudCredentials]:
    """Return each org once; raises ValueError where there is none, or credentials that are no saved block."""
    if not orgs:
        raise ValueError("no org is named: pick at least one Genesys Cloud Credentials block")
    if any(org._block_document_id is None for org in orgs):  # noqa: SLF001 - Prefect has no other name for it
        raise ValueError("an org of a fleet is a saved Genesys Cloud Credentials block: save it, and pick it")
    return list({org._block_document_id: org for org in orgs}.values())  # noqa: SLF001


def _parameters(what: str, policy: Policy, mode: WriteMode) -> dict[str, Any]:
    """Return what each org's run is given; raises ValueError where that is not what was asked for."""
    if what == "raise":
        if not policy.rules:
            raise ValueError("a raise needs a policy with at least one rule")
        return {"policy": policy.model_dump(mode="json"), "mode": mode}
    if mode == "apply":
        raise ValueError("an audit applies nothing: choose the raise, or leave the mode at dry run")
    return {"policy": policy.model_dump(mode="json")} if policy.rules else {}


def _start(org: GenesysCloudCredentials, deployment: str, parameters: Mapping[str, Any]) -> _Started:
    """Start an org's run. A fleet that is retried takes up its runs: what is done stays, what failed is retried."""
    block, name = str(org._block_document_id), str(org._block_document_name)  # noqa: SLF001
    run: Any = run_deployment(
        deployment,
        parameters={"org": {"$ref": {"block_document_id": block}}, **parameters},
        flow_run_name=inert(f"{name} ({runtime.flow_run.name})"),
        idempotency_key=f"{runtime.flow_run.id}-{block}",
        timeout=0,
    )
    if run.state is not None and run.state.is_final() and not run.state.is_completed():
        with get_client(sync_client=True) as client:
            client.set_flow_run_state(run.id, AwaitingRetry(), force=True)
    return _Started(name, run)


def _wait_for(run: FlowRun) -> FlowRun:
    """Return a run as it has ended; one that somebody deletes meanwhile has, as far as it will be known."""
    while True:
        try:
            with get_client(sync_client=True) as client:
                run = client.read_flow_run(run.id)
        except ObjectNotFound:
            gone = cancelled("somebody has deleted this run on the Prefect server", name="Deleted")
            return run.model_copy(update={"state": gone})
        if run.state is not None and run.state.is_final():
            return run
        time.sleep(_POLL_SECONDS)


def _row(each: _Started) -> dict[str, Any]:
    """Return an org's line, in reading order; what its run left where we can read it, blank where we cannot."""
    state = each.run.state
    assert state is not None, "its end was waited for"
    report = _report_of(str(each.run.id))
    plan = report.plan if report else None
    outcomes = counts_of(of_kind(report.outcomes, "architect_flow")) if report else {}
    limits = counts_of(of_kind(report.outcomes, "action")) if report else {}
    return {
        "credentials": each.block,
        "org": report.org.name if report else "",
        "ran": f"{report.run.kind}, {report.run.mode}" if report else "",
        "ended": state.name or "",
        "Architect flows": report.coverage.listed if report else None,
        "steps": len(report.steps) if report else None,
        "steps to change": len(plan.changes) if plan else None,
        "action limits to change": len(plan.action_changes) if plan else None,
        "action limits changed": limits.get("published"),
        "Architect flows published": outcomes.get("published"),
        "live already": outcomes.get("unchanged"),
        "what it says": state.message or "",
        "plan": plan.checksum if plan else "",
        "run": str(each.run.id),
    }


def _report_of(run_id: str) -> Report | None:
    """Return what a run left, in whichever area of the storage; None where we cannot read it."""
    for storage in storages_of_all():
        try:
            return kept_report(storage, run_id)
        except RefusedRecordError as problem:
            warn("%s", problem)
        except NoRecordError:
            continue
    return None


def _ending(ended: Sequence[_Started]) -> State[Any]:
    orgs = number_of(len(ended), "org")
    bad = [each for each in ended if each.run.state is None or not each.run.state.is_completed()]
    if bad:
        named = "; ".join(f"{each.block}: {each.run.state.name if each.run.state else 'unknown'}" for each in bad)
        return failed(f"{len(bad)} of {orgs} did not end well: {named}")
    return completed(orgs)
