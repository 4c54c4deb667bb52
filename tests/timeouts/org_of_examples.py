"""A small org with a step of every kind: what the golden tables and summaries show."""

from dataclasses import replace

from tests.timeouts.conftest import action, inventory, listed, raw_timeout, reading, step
from tests.timeouts.planning.outcomes import became
from timeouts.model.org import ArchitectFlow, Holder
from timeouts.model.settings import Expression, LiteralTimeout, Suggested, Unreadable
from timeouts.model.steps import Reading
from timeouts.planning.computing import compute_plan
from timeouts.planning.outcomes import Outcome
from timeouts.planning.plan import Plan
from timeouts.planning.roll_back import compute_roll_back
from timeouts.policy.policy import Policy

SHORT = LiteralTimeout(timeout_ms=3_000)

ARCHITECT_FLOWS = [
    listed("af-3", "Zulu | pipes", type="COMMONMODULE"),
    listed("af-1", "Support\nline two"),
    listed("af-2", "billing *new*", locked_by=Holder(kind="person", id="u1", name="Ada [QA]")),
    listed("af-4", "Never published", published_version=None),
    listed("af-5", "Broken"),
    listed("af-6", "Unheard of"),
    listed("af-7", "Never read"),
]

READINGS = [
    reading(
        step(1, SHORT),
        step(2, Suggested(stored_ms=60_000)),
        step(3, LiteralTimeout(timeout_ms=2_500), "slow", action_name="Slow | score"),
        step(4, Expression(text="Flow.wait | 2"), tracking_id=None),
        step(5, Unreadable(reason="the timeout is unset")),
        step(6, LiteralTimeout(timeout_ms=90_000)),
        of="af-1",
    ),
    reading(step(1, SHORT), step(2, SHORT, "gone", action_name="Gone"), of="af-2", version="2.0"),
    reading(step(1, LiteralTimeout(timeout_ms=500)), of="af-3", version="1.0"),
    Reading(architect_flow_id="af-4", coverage="not_published"),
    Reading(architect_flow_id="af-5", coverage="unreadable", version="7.0", reason="it is not JSON | at all"),
    Reading(architect_flow_id="af-6", coverage="not_read", version="3.0", reason="403: missing permission"),
]

ACTIONS = [action(), action("slow", 5_000, name="Slow | score")]

INVENTORY = inventory(ARCHITECT_FLOWS, READINGS, ACTIONS)

POLICY = Policy.raise_to(10_000)

OUTCOMES: list[Outcome] = [
    became("published", "af-3", "Zulu | pipes", version_before="1.0", version_after="2.0"),
    became("skipped", "af-2", "billing *new*", version_before="2.0", reason="locked by Ada [QA]"),
    became("failed", "af-1", "Support\nline two", version_before="4.0", reason="refused", notes=("a | b",)),
]


def plan(*, architect_flows: int = 100) -> Plan:
    """The plan of the examples, under a limit of so many Architect flows."""
    limits = POLICY.limits.model_copy(update={"architect_flows": architect_flows})
    return compute_plan(INVENTORY, POLICY.model_copy(update={"limits": limits}))


def _after_the_run(one: Reading) -> Reading:
    """What is read of an Architect flow after its run was published and a colleague had changed one step since."""
    now = {"node-1": LiteralTimeout(timeout_ms=12_000 if one.architect_flow_id == "af-1" else 10_000)}
    steps = [
        replace(each, setting=now[each.id], raw_timeout=raw_timeout(now[each.id])) if each.id in now else each
        for each in one.steps
    ]
    return one.model_copy(update={"steps": tuple(steps), "version": "9.0"})


AFTER = inventory(ARCHITECT_FLOWS, map(_after_the_run, READINGS), ACTIONS)


def roll_back() -> Plan:
    """The plan that undoes that run, had all of it been published."""
    run = plan()
    done = {pin.architect_flow_id for pin in run.pins}
    return compute_roll_back(run, done, AFTER)


def address(architect_flow: ArchitectFlow) -> str:
    """The page of an Architect flow; one has none."""
    return "" if architect_flow.id == "af-2" else f"https://example.com/a(b) c/{architect_flow.id}"
