"""A report without a run: names that are hard to print, a step of every fate, an outcome of every kind."""

from genesys import RequestCounts
from reports.report import Report
from tests.reports.made import made
from tests.timeouts.conftest import action, listed, reading, step
from tests.timeouts.planning.outcomes import became
from timeouts.inventory import Inventory
from timeouts.model.org import Holder, Organization, Publisher
from timeouts.model.settings import Expression, LiteralTimeout, Suggested, Unreadable
from timeouts.planning.changes import Violation
from timeouts.planning.computing import compute_plan
from timeouts.planning.outcomes import Outcome
from timeouts.policy.policy import Policy

ORG = Organization(id="org-1", name="Grünwald [& Söhne]")
FLOWS = ("Billing [red]new[/red]", "Störungsannahme :bell: Dublin", "Vertragsverlängerungsangebotsannahme Süd")
STEPS = ("Kunde suchen", "Look up the customer's open orders", "Kundendatenstammsatzabfrage")
ACTIONS = ("CRM lookup by customer number", "Orders [v2]", "Payment due invoices")
SHORT = LiteralTimeout(timeout_ms=2_500)

_LISTED = (
    listed("af-0", FLOWS[0], published_by=Publisher(kind="client", id="c-7", name="CX as Code [CI]")),
    listed("af-1", FLOWS[1], locked_by=Holder(kind="client", id="u1", name="Ada [QA]")),
    listed("af-2", FLOWS[2], published_by=Publisher(kind="person", id="u-1", name="Łukasz")),
    listed("af-3", "Broken [1]"),
    listed("af-4", "Never published", published_version=None),
)
_ACTIONS = (
    *(action(f"action-{number}", 15_000, name=name) for number, name in enumerate(ACTIONS)),
    action("slow", 5_000, name="Address [check]", category="Function Data Actions", kind="function"),
)


def listing_of(changes: int) -> Inventory:
    """An org with so many steps that are too short, over three Architect flows, and one of each that stays."""
    too_short: dict[int, list[int]] = {0: [], 1: [], 2: []}
    for number in range(changes):
        too_short[number % 3].append(number)
    steps = {
        flow: [
            step(
                number,
                SHORT,
                f"action-{flow}",
                name=STEPS[flow],
                action_name=ACTIONS[flow],
                container="Warteschleife 1" if flow else "Aufgabe 12",
            )
            for number in numbers
        ]
        for flow, numbers in too_short.items()
    }
    steps[0] += [
        step(101, Expression(text="MakeDuration(Flow.x[0])"), "action-0"),
        step(102, Unreadable(reason="the timeout is unset"), "action-0"),
        step(103, Suggested(), "slow"),
        step(104, LiteralTimeout(timeout_ms=90_000), "action-0"),
    ]
    readings = (
        *(reading(*steps[flow], of=f"af-{flow}") for flow in steps),
        reading(of="af-3").model_copy(update={"coverage": "unreadable", "reason": "it is not JSON"}),
        reading(of="af-4").model_copy(update={"coverage": "not_published", "version": None}),
    )
    return Inventory(ORG, _LISTED, _ACTIONS, readings)


OUTCOMES: tuple[Outcome, ...] = (
    became("published", "af-0", FLOWS[0], version_before="4.0", version_after="5.0"),
    became("unchanged", "af-5", "Zulu", version_before="1.0", reason="the timeouts are there already"),
    became("skipped", "af-1", FLOWS[1], version_before="4.0", reason="locked by Ada [QA]"),
    became("failed", "af-2", FLOWS[2], version_before="4.0", reason="refused", notes=("lock released",)),
    became("unknown", "af-6", "Delta", version_before="9.0", reason="no answer in 300 s; run again"),
)
_VIOLATION = Violation(limit="share", text="60 of 100 steps would change, 60% of them; the limit is 25%")


def report(mode: str, *, changes: int = 3, outcomes: tuple[Outcome, ...] = (), over_the_limit: bool = False) -> Report:
    """The report of a run in one of the three modes."""
    inventory = listing_of(changes)
    violations = (_VIOLATION,) if over_the_limit else ()
    plan = compute_plan(inventory, Policy.raise_to(10_000)).model_copy(update={"violations": violations})
    return made(
        inventory,
        None if mode == "read only" else plan,
        outcomes if mode == "apply" else None,
        name="brave-[b]otter",
        requests=RequestCounts(requests={"GET /api/v2/flows": 204}, retries=1, rate_limited=2, waiting_ms=1_500),
        refusals=violations,
    )


WHERE = "Open its artifacts: http://127.0.0.1:4200/runs/flow-run/run-1"
REPORTS = {
    "audit": report("read only"),
    "dry_run": report("dry run"),
    "applied": report("apply", outcomes=OUTCOMES),
}
