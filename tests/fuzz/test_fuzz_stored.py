"""What lies in result storage, written by anybody: a value of its type, or a ValueError."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from flows.record.records import Ended, Entry
from reports.report import Report
from tests.fuzz.mutations import altered, damaged, kept, tried
from tests.reports.made import ONE_REQUEST, made
from tests.timeouts.org_of_examples import INVENTORY, OUTCOMES, READINGS, plan
from tests.timeouts.planning.saved import saved_plan
from timeouts.drift.snapshot import AuditStamp, Snapshot, snapshot_of
from timeouts.model.org import Organization
from timeouts.model.steps import Reading
from timeouts.planning.approval.ruling import ApprovalRecord, Proposal
from timeouts.planning.saved_plan import SavedPlanError, stored_plan
from timeouts.policy.policy import Policy

PLAN = plan()
SAVED = saved_plan(PLAN, now_ms=1, lifetime_ms=1_000).to_json()
STAMP = AuditStamp(run_id="r-1", run_name="bold-owl", began_ms=1, began="1970-01-01 00:00 UTC")
PROPOSAL = Proposal(
    run_id="r-1",
    organization=PLAN.organization,
    asked_by="Ada",
    asked_ms=1,
    expires_ms=2,
    checksum=PLAN.checksum,
    policy=Policy.raise_to(10_000),
)
KINDS: Mapping[str, tuple[Any, Any]] = {
    "report": (Report, made(INVENTORY, PLAN, OUTCOMES)),
    "entry": (Entry, Entry(target="af-1", outcome=OUTCOMES[0], began_ms=1, ended_ms=2)),
    "ended": (Ended, Ended(requests=ONE_REQUEST)),
    "approval": (ApprovalRecord, ApprovalRecord(proposal=PROPOSAL, outcomes={"published": 3})),
    "reading": (Reading, READINGS[0]),
    "readings": (tuple[Reading, ...], tuple(READINGS)),
    "snapshot": (Snapshot, snapshot_of(INVENTORY, stamp=STAMP, reader=1)),
    "organization": (Organization, PLAN.organization),
}
ADAPTERS = {kind: TypeAdapter(of) for kind, (of, _) in KINDS.items()}
WRITTEN = {kind: ADAPTERS[kind].dump_json(value) for kind, (_, value) in KINDS.items()}


@st.composite
def stored(draw: st.DrawFn) -> tuple[str, bytes]:
    """A kind, and what lies where one of that kind should."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    right = json.loads(WRITTEN[kind])
    return kind, draw(altered(st.just(right)) | damaged(st.sampled_from([WRITTEN[kind], *kept("stored")])))


@given(stored())
def test_whatever_is_stored_is_a_value_of_its_type_or_a_value_error(found: tuple[str, bytes]) -> None:
    kind, body = found
    adapter = ADAPTERS[kind]
    value, told = tried(ValueError, adapter.validate_json, body)
    assert told or adapter.validate_json(adapter.dump_json(value)) == value


@given(altered(st.just(json.loads(SAVED))) | damaged(st.just(SAVED)))
def test_whatever_is_given_for_a_plan_is_that_plan_or_is_refused_by_name(body: bytes) -> None:
    loaded, told = tried(SavedPlanError, stored_plan, body)
    assert len(told) < 5_000
    assert loaded is None or loaded.plan == PLAN


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", kept("stored"))
def test_what_was_found_once_is_a_value_error(kind: str, body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        ADAPTERS[kind].validate_json(body)


def test_a_checksum_of_megabytes_is_not_repeated() -> None:
    """Found by fuzzing: what did not fit was repeated whole."""
    forged = json.loads(SAVED) | {"checksum": "[" * 1_000_000}

    with pytest.raises(SavedPlanError) as told:
        stored_plan(json.dumps(forged))
    assert len(str(told.value)) < 300


def test_a_kind_of_thousands_of_characters_is_not_repeated() -> None:
    """Found by fuzzing: pydantic repeats the tag of a union whole."""
    forged = json.loads(SAVED)
    forged["plan"]["changes"][0]["after"]["kind"] = "x" * 100_000

    with pytest.raises(SavedPlanError) as told:
        stored_plan(json.dumps(forged))
    assert len(str(told.value)) < 1_000
