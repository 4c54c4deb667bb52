"""Whole documents with a step of every form, and an org that is nothing but documents, to be read and published."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.timeouts.conftest import action, architect, computed, flow_data, inventory, listed, literal, node, unset
from timeouts.definitions import read_definition
from timeouts.inventory import Inventory
from timeouts.model.steps import Reading
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.planning.roll_back import compute_roll_back
from timeouts.policy.policy import Policy

Documents = Mapping[str, bytes]
"""The live definition of each Architect flow, by id."""

PIN = Policy.model_validate(
    {"rules": [{"name": "pin", "exactly": "10s"}], "allow_lowering": True, "limits": {"share": "100%"}}
)

TIMEOUTS: dict[str, Any] = {
    "a literal": literal(3_000),
    "a longer literal": literal(20_000),
    "out of service": literal(3_000) | {"outOfService": True},
    "out of service first": {"outOfService": True} | literal(3_000),
    "odd numbers and a note": literal(3_000) | {"version": 2.0, "$note": "\u2028é", "uiMetaData": {"mode": 4}},
    "unset": unset(),
    "computed": computed(),
    "text": "soon",
    "nothing": None,
}
"""What a suggested step may have stored, and the first five a literal one."""

LITERALS = list(TIMEOUTS)[:5]


def architect_step(number: int, form: str, *, suggested: bool, missing: bool = False) -> dict[str, Any]:
    """A node with one of `TIMEOUTS`, or without."""
    made = node(number, suggested=suggested) | {"timeout": TIMEOUTS[form]}
    return {key: value for key, value in made.items() if key != "timeout" or not missing}


def flow_data_step(number: int, timeout_ms: int | None, *, bare: bool = False, last: bool = False) -> dict[str, Any]:
    """A node of `flowData`: without `dataAction`, without a timeout, or with one, first or last in its object."""
    timeout = {} if timeout_ms is None else {"timeout": timeout_ms}
    content = {"actionId": "a"} | timeout if last else timeout | {"actionId": "a"}
    holder = {} if bare else {"dataAction": content if timeout_ms or last else {}}
    return {"id": f"node-{number}", "type": "dataAction", **holder, "name": f"Call {number}"}


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A definition of either kind, compact or pretty, escaped or not."""
    numbers = range(1, draw(st.integers(1, 4)) + 1)
    if draw(st.booleans()):
        suggested = {number: draw(st.booleans()) for number in numbers}
        forms = {number: draw(st.sampled_from(list(TIMEOUTS) if suggested[number] else LITERALS)) for number in numbers}
        missing = {number: suggested[number] and draw(st.booleans()) for number in numbers}
        nodes = [architect_step(n, forms[n], suggested=suggested[n], missing=missing[n]) for n in numbers]
        document = architect(*nodes[1:], menu=tuple(nodes[:1]))
    else:
        timeouts = st.none() | st.integers(1, 60_000)
        document = flow_data(
            *(flow_data_step(n, draw(timeouts), bare=draw(st.booleans()), last=draw(st.booleans())) for n in numbers)
        )
    return json.dumps(document, indent=draw(st.none() | st.just(1)), ensure_ascii=draw(st.booleans())).encode()


def readings_of(live: Documents) -> list[Reading]:
    """What a fresh look at every document gives."""
    found = []
    for architect_flow_id, body in live.items():
        definition = read_definition(body)
        found.append(
            Reading(
                architect_flow_id=architect_flow_id,
                version="4.0",
                coverage="read",
                kind=definition.kind,
                fingerprint=definition.fingerprint,
                steps=definition.steps,
            )
        )
    return found


def org_of(live: Documents) -> Inventory:
    """The org that holds these documents, as it is read."""
    return inventory([listed(each) for each in live], readings_of(live), [action()])


def planned(live: Documents, policy: Policy = PIN) -> Plan:
    """The plan of a policy for these documents."""
    return compute_plan(org_of(live), policy)


def applied(plan: Plan, live: Documents) -> dict[str, bytes]:
    """The documents after a plan was published."""
    return {each: read_definition(body).with_edits(plan.edits_of(each)) for each, body in live.items()}


def roll_back_of(plan: Plan, live: Documents) -> Plan:
    """The plan that undoes a run that published all of its own, for the documents as they are now."""
    return compute_roll_back(plan, {pin.architect_flow_id for pin in plan.pins}, org_of(live))
