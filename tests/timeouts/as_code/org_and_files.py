"""A small org, and the files that its Architect flows and actions are deployed from; some of both have moved."""

from collections.abc import Sequence
from typing import Any

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.as_code.as_code import AsCode
from timeouts.as_code.comparing import compare_with_files
from timeouts.inventory import Inventory
from timeouts.model.org import ArchitectFlow, DataAction, Organization, Publisher
from timeouts.model.settings import Expression, LiteralOrSuggested, LiteralTimeout, Suggested, Unreadable
from timeouts.model.steps import Reading, Step
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

S3, S10, S30, S60 = (LiteralTimeout(timeout_ms=seconds * 1_000) for seconds in (3, 10, 30, 60))
MINUTE = LiteralOrSuggested(timeout_ms=60_000)
FOLDERS = Organization(id="files-0123456789abcdef", name="flows")
ADA, ROBOT = Publisher(kind="person", name="Ada"), Publisher(kind="client", name="robot")


def in_files(
    architect_flows: Sequence[ArchitectFlow] = (),
    readings: Sequence[Reading] = (),
    actions: Sequence[DataAction] = (),
) -> Inventory:
    """What folders hold."""
    return Inventory(FOLDERS, tuple(architect_flows), tuple(actions), tuple(readings))


def file(path: str = "flows/main.yaml", name: str = "Main", architect_flow_type: str = "inboundcall") -> ArchitectFlow:
    """An Architect flow in a file: its id is its path."""
    return ArchitectFlow(id=path, name=name, type=architect_flow_type)


def archy(*steps: Step, path: str = "flows/main.yaml", **changed: Any) -> Reading:
    """A reading of Archy YAML, which has no ids."""
    return reading(*steps, of=path, **{"version": None, "kind": "archy"} | changed)


def of_archy(number: int, setting: Any, name: str, action_name: str = "Look up", **changed: Any) -> Step:
    """A step of Archy YAML: its id is its place."""
    return step(
        number,
        setting,
        "",
        **{"id": f"path-{number}", "name": name, "action_name": action_name, "tracking_id": None} | changed,
    )


def live(number: int, setting: Any, name: str, **changed: Any) -> Step:
    """A step of the org."""
    return step(number, setting, "crm", **{"name": name, "action_name": "Look up"} | changed)


ORG = inventory(
    [
        listed("af-1", "Main", published_by=ROBOT),
        listed("af-2", "Billing | EMEA", published_by=ADA),
        listed("af-3", "Night line"),
        listed("af-4", "Only live"),
    ],
    [
        reading(
            live(1, S10, "Raised here"),
            live(2, Suggested(), "Left as suggested"),
            live(3, S3, "Short in both"),
            live(4, Expression(text="MakeDuration(0, 0, 0, Flow.wait)"), "Computed"),
            live(5, S30, "Over the bridge", kind="bridge", raw_timeout=None),
            live(6, S10, "New in the org"),
            of="af-1",
        ),
        reading(live(1, S3, "Ask"), live(2, S3, "Pay", kind="secure"), of="af-2"),
        reading(coverage="not_read", reason="403: missing permission", of="af-3"),
        reading(live(1, S3, "Ask"), of="af-4"),
    ],
    [
        action("crm", 10_000, name="Look up", version=3),
        action("slow", None, name="Slow | score", version=1),
        action("fn", None, name="Price", kind="function", function_ms=5_000, version=1),
        action("unsaid", 7_000, name="Unsaid", version=1),
        action("alone", 7_000, name="Alone", version=1),
    ],
)
FILES = in_files(
    [
        file(),
        file("flows/billing.i3InboundFlow", "billing | emea", "INBOUNDCALL"),
        file("flows/night.yaml", "Night line", ""),
        file("flows/module.yaml", "{{flow_name}}"),
        file("flows/new.yaml", "Not yet live"),
        file("flows/other.yaml", "Only live", "workflow"),
    ],
    [
        archy(
            of_archy(1, MINUTE, "Raised here"),
            of_archy(2, MINUTE, "Left as suggested"),
            of_archy(3, S3, "Short in both"),
            of_archy(4, Expression(text="MakeDuration(0,0,0,Flow.wait)"), "Computed"),
            of_archy(5, S10, "Over the bridge", kind="bridge", raw_timeout=None),
            of_archy(6, S3, "Gone from the org"),
        ),
        reading(
            live(1, Suggested(), "Ask"), live(2, S3, "Pay by card", kind="secure"), of="flows/billing.i3InboundFlow"
        ),
        archy(live(1, S3, "Ask"), path="flows/night.yaml"),
        archy(path="flows/module.yaml"),
        archy(path="flows/new.yaml"),
        archy(path="flows/other.yaml"),
    ],
    [
        action(
            "actions/look-up.custom.json", 5_000, name="Look up - Exported 2021-04-15 @ 18:58", category="", version=77
        ),
        action("main.tf#slow", 20_000, name="Slow | score"),
        action("main.tf#price", None, name="Price", kind="function", function_ms=8_000),
        action("main.tf#unsaid", None, name="Unsaid"),
        action("main.tf#var", 9_000, name="${var.prefix} lookup"),
        action("main.tf#alone", 7_000, name="Alone", category="Another"),
    ],
)


def as_code() -> AsCode:
    """What the files say beside the org."""
    return compare_with_files(ORG, FILES)


def plan() -> Plan:
    """A raise in the org, by both levers."""
    return compute_plan(ORG, Policy.raise_to(20_000, levers=("step", "action")))


UNREADABLE = Unreadable(reason="no duration")
