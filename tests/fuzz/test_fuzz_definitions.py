"""Definitions from anybody: read or unreadable, and whatever is read can be edited and put back to the byte."""

import functools
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.demo.org import build_demo_org
from tests.fuzz.mutations import altered, damaged, kept, tried
from tests.simulator.demo.walks import live
from tests.timeouts.conftest import architect, computed, embedded, encoded, flow_data, literal, node, unset
from tests.timeouts.definitions.archy.texts import files
from tests.timeouts.documents import documents, flow_data_step
from timeouts.definitions import Definition, UnreadableDefinition, read_definition
from timeouts.definitions.archy import read_archy
from timeouts.definitions.proof import ProofFailed, compare_published, prove_edit
from timeouts.model.settings import LiteralTimeout, Suggested
from timeouts.model.step_edits import Restore, SetTimeout, StepEdit

STEPS = (
    node(1),
    node(2, suggested=True),
    node(3, unset(), suggested=True),
    node(4, computed()),
    node(5, literal(20_000)),
)
WHOLE = architect(*STEPS, menu=(node(6),), commonModules=[embedded(node(7), of="m-1"), embedded(node(8), of="m-2")])
TUTORIAL = flow_data(flow_data_step(1, 3_000), flow_data_step(2, None), flow_data_step(3, None, bare=True))
STAMPS = st.integers(1, 60_000)


@functools.cache
def demo() -> tuple[bytes, ...]:
    """A few of the simulator's own configurations, the smallest of each type."""
    found: dict[str, bytes] = {}
    for seed in build_demo_org().architect_flows[:60]:
        body = live(seed)
        found[seed.type] = min(found.get(seed.type, body), body, key=len)
    return tuple(body for body in found.values() if len(body) < 100_000)


def bodies() -> st.SearchStrategy[bytes]:
    """Definitions to begin from."""
    return st.deferred(
        lambda: st.sampled_from((encoded(WHOLE), encoded(TUTORIAL), *kept("definitions"), *demo())) | documents()
    )


def hostile() -> st.SearchStrategy[bytes]:
    """Definitions that are damaged or altered."""
    return damaged(bodies()) | altered(st.just(WHOLE) | st.just(TUTORIAL) | documents().map(json.loads))


def _edits(definition: Definition, timeout_ms: int) -> Iterator[tuple[str, StepEdit]]:
    for step in definition.steps:
        if step.kind != "bridge" and isinstance(step.setting, Suggested | LiteralTimeout):
            yield step.id, SetTimeout(timeout_ms=timeout_ms)


@given(hostile(), STAMPS)
def test_what_is_read_can_be_edited_proved_and_put_back_to_the_byte(body: bytes, timeout_ms: int) -> None:
    definition, told = tried(UnreadableDefinition, read_definition, body)
    assert len(told.encode()) <= 2_000
    if definition is None:
        return
    again = read_definition(body)
    assert (again.steps, again.fingerprint, again.snapshots) == (
        definition.steps,
        definition.fingerprint,
        definition.snapshots,
    )
    assert definition.with_edits({}) == body
    edits = dict(_edits(definition, timeout_ms))
    edited = definition.with_edits(edits)
    prove_edit(body, edited, edits)
    before = {step.id: step.raw_timeout for step in definition.steps}
    back: dict[str, StepEdit] = {step_id: Restore(original=raw) for step_id in edits if (raw := before[step_id])}
    assert read_definition(edited).with_edits(back) == body


@given(damaged(files()) | files() | st.binary(max_size=200) | st.text(max_size=200).map(str.encode), STAMPS)
def test_what_is_read_of_a_file_of_archy_is_edited_proved_and_put_back_to_the_byte(
    body: bytes, timeout_ms: int
) -> None:
    definition, told = tried(UnreadableDefinition, read_archy, body)
    assert len(told) <= 500
    if definition is None:
        return
    assert (read_archy(body).steps, definition.with_edits({})) == (definition.steps, body)
    originals = {step.id: step.raw_timeout for step in definition.steps if step.raw_timeout is not None}
    edits: dict[str, StepEdit] = {step_id: SetTimeout(timeout_ms=timeout_ms) for step_id in originals}
    edited = definition.with_edits(edits)
    prove_edit(body, edited, edits, read_archy)
    back: dict[str, StepEdit] = {step_id: Restore(original=raw) for step_id, raw in originals.items()}
    assert read_archy(edited).with_edits(back) == body


@given(bodies(), hostile())
def test_whatever_is_live_is_compared_with_what_was_sent(sent: bytes, found: bytes) -> None:
    compared, _ = tried(UnreadableDefinition, compare_published, sent, found)
    assert compared is None or len(compared.to_json()) < 300_000


@given(bodies(), hostile())
def test_whatever_an_edit_comes_to_is_proved_or_refused(before: bytes, after: bytes) -> None:
    refused = (ProofFailed, UnreadableDefinition)
    _, told = tried(refused, prove_edit, before, after, {"node-1": SetTimeout(timeout_ms=7_000)})
    assert len(told) < 300_000


@pytest.mark.parametrize("body", kept("definitions"))
def test_what_was_found_once_is_told_as_unreadable_or_read_in_bounds(body: bytes) -> None:
    definition, told = tried(UnreadableDefinition, read_definition, body)
    assert len(told) <= 500
    assert definition is None or definition.fingerprint.startswith("sha256:")
