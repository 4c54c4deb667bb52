"""The automations: who is told of what, and what becomes of a run whose process is gone.

Each is found by its name: what it does follows this file, whether it is on stays as it was set in the UI. One that is
as it should be is left alone. Prefect gives a trigger a new id at every update, and what the old one was waiting for
never comes: a run whose heartbeats stop, an approval that nobody gives.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import AutomationSort
from prefect.events.actions import ActionTypes, ChangeFlowRunState, RunDeployment, SendNotification
from prefect.events.filters import AutomationFilter, AutomationFilterName
from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.exceptions import PrefectHTTPStatusError

from flows.run.events import EventName
from timeouts.text.outlets import inert_in_jinja

PREFIX = "genesys-timeouts: "
HEARTBEAT_SECONDS = 30
"""What prefect.yaml sets for every run."""

DEAD_AFTER = timedelta(seconds=3 * HEARTBEAT_SECONDS)
APPROVAL_REMINDER = timedelta(hours=2)

_OURS = {"prefect.resource.id": "prefect.tag.genesys-timeouts", "prefect.resource.role": "tag"}
BAD_ENDS = ("Failed", "Crashed", "TimedOut", "Incomplete", "NothingMatched", "Interrupted", "Refused")
"""The names of states, which are those of events. The last four are ours (flows/run/endings.py, flows/approval)."""

_RUN = inert_in_jinja("flow_run.name")
_MESSAGE = inert_in_jinja("flow_run.state.message")
"""Whoever starts a run may name it, and Prefect words states of its own. Events are harmless already."""

_LINK = "{{ flow_run | ui_url }}"
"""With the server's PREFECT_UI_URL."""

_OTHER_ENDS = ("Completed", "Cancelled", "Rejected", "Suspended", "AwaitingRetry", "Cached", "RolledBack")


async def make_automations(
    client: PrefectClient, *, notify: UUID | None, raise_deployment: UUID, dead_runs: bool
) -> list[str]:
    """Make the automations that are missing and renew those that differ; returns their names.

    `notify`: the notification block that people are told through; nobody is, without one. `raise_deployment`: the
    deployment whose dry run may answer a drift; that automation is made switched off. `dead_runs`: whether runs
    without heartbeats are crashed. Not on SQLite: a server on it loses events when two writers meet, and then crashed
    a run that was suspended and well (seen on Prefect 3.8.8).
    """
    wanted = [*((_dead_runs(),) if dead_runs else ()), *(_notifications(notify) if notify else ())]
    wanted.append(_plan_after_drift(raise_deployment))
    for automation in wanted:
        await _make(client, automation)
    return [automation.name for automation in wanted]


async def _make(client: PrefectClient, automation: AutomationCore) -> None:
    """Have one automation of this name, which does this.

    Several are made by registrations at the same time, and by one whose request was carried out and not answered, for
    it is sent again: each would tell people. The oldest stays, which has waited longest.
    """
    there = await _named(client, automation.name)
    if not there:
        await client.create_automation(automation)
        there = await _named(client, automation.name)
    for twin in there[1:]:
        await _delete(client, twin)
    wanted = automation.model_copy(update={"enabled": _is_on(there, automation)})
    for oldest in there[:1]:
        if (oldest.enabled, _does(oldest)) != (wanted.enabled, _does(wanted)):
            await client.update_automation(oldest.id, wanted)


async def _named(client: PrefectClient, name: str) -> list[Automation]:
    """Return the automations of a name, the oldest first."""
    wanted = AutomationFilter(name=AutomationFilterName(any_=[name]))
    return list(reversed(await client.read_automations(automations=wanted, sort=AutomationSort.CREATED_DESC)))


async def _delete(client: PrefectClient, automation: Automation) -> None:
    """Delete an automation, unless another registration was faster."""
    try:
        await client.delete_automation(automation.id)
    except PrefectHTTPStatusError as refusal:
        if refusal.response.status_code != HTTPStatus.NOT_FOUND:
            raise


def _is_on(there: Sequence[AutomationCore], made: AutomationCore) -> bool:
    """Tell whether an automation is to be on: as it is made, unless somebody has switched it, or one of its twins."""
    was_switched = any(each.enabled != made.enabled for each in there)
    return made.enabled != was_switched


def _does(automation: AutomationCore) -> dict[str, Any]:
    """Return what an automation does: not its id, nor whether it is on. The id of a trigger is not read at all."""
    return automation.model_dump(exclude={"id", "created", "updated", "enabled"})


def _dead_runs() -> AutomationCore:
    """Crash a run whose heartbeats have stopped: it would stay Running for ever and keep its place.

    Source: docs/measured.md#stops.
    """
    ends = {f"prefect.flow-run.{name}" for name in (*BAD_ENDS, *_OTHER_ENDS)}
    return AutomationCore(
        name=f"{PREFIX}a run without heartbeats has crashed",
        description="Its process or its machine is gone. The next run takes up what it left.",
        trigger=EventTrigger(
            posture=Posture.Proactive,
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
            match_related=ResourceSpecification(_OURS),
            for_each={"prefect.resource.id"},
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.heartbeat", *ends},
            threshold=1,
            within=DEAD_AFTER,
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED, message="Its heartbeats have stopped.")],
    )


def _notifications(block: UUID) -> Iterator[AutomationCore]:
    yield _told(
        "a run did not end well",
        EventTrigger(
            posture=Posture.Reactive,
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
            match_related=ResourceSpecification(_OURS),
            expect={f"prefect.flow-run.{name}" for name in BAD_ENDS},
            threshold=1,
        ),
        block,
        subject="{{ flow.name }} ended {{ flow_run.state.name }}",
        body=f"{_RUN}: {_MESSAGE}\n{_LINK}",
    )
    yield _told(
        "timeouts have drifted",
        _whenever("drift-found"),
        block,
        subject="Timeouts of {{ event.payload.organization }} have changed since the last audit",
        body=f"What changed, and who published it, is in the summary of the run.\n{_LINK}",
    )
    yield _told(
        "a plan waits for approval",
        _whenever("approval-asked"),
        block,
        subject="{{ event.payload.asked_by }} asks for approval in {{ event.payload.organization }}",
        body=f"Plan {{{{ event.payload.checksum }}}} of the run {{{{ event.payload.run }}}}. The first answer has "
        f"to come by {{{{ event.payload.answer_by }}}}.\n{_LINK}",
    )
    yield _told(
        "a plan has waited too long for approval",
        EventTrigger(
            posture=Posture.Proactive,
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
            match_related=ResourceSpecification(_OURS),
            for_each={"prefect.resource.id"},
            after={"prefect.flow-run.Suspended"},
            expect={f"prefect.flow-run.{name}" for name in ("Resuming", "Failed", "Cancelled", "Cancelling")},
            threshold=1,
            within=APPROVAL_REMINDER,
        ),
        block,
        subject="A plan still waits for approval",
        body=f"{_RUN} has waited for two hours.\n{_LINK}",
    )


def _whenever(name: EventName) -> EventTrigger:
    """Fire at each event of our own of that name."""
    return EventTrigger(
        posture=Posture.Reactive,
        match=ResourceSpecification({"prefect.resource.id": "genesys-timeouts.org.*"}),
        expect={f"genesys-timeouts.{name}"},
        threshold=1,
    )


def _told(name: str, trigger: EventTrigger, block: UUID, *, subject: str, body: str) -> AutomationCore:
    action: ActionTypes = SendNotification(block_document_id=block, subject=subject, body=body)
    return AutomationCore(name=PREFIX + name, trigger=trigger, actions=[action])


def _plan_after_drift(raise_deployment: UUID) -> AutomationCore:
    """Answer a drift with a plan, never with an apply: the mode is written here and nobody is asked."""
    return AutomationCore(
        name=f"{PREFIX}a drift starts a plan",
        description="Switched off until you want it. Its run is dry: it shows a plan and changes nothing.",
        enabled=False,
        trigger=_whenever("drift-found"),
        actions=[RunDeployment(deployment_id=raise_deployment, parameters={"mode": "dry run"})],
    )
