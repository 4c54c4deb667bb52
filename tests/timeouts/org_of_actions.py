"""A small org whose actions are what is too short, with figures of its own: what the tables of actions show."""

from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.planning.outcomes import became
from timeouts.model.evidence import ActionEvidence, Evidence, Failures, Slower
from timeouts.model.settings import Expression, LiteralTimeout, Suggested
from timeouts.planning.computing import compute_plan
from timeouts.planning.outcomes import Outcome
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

ARCHITECT_FLOWS = [listed("af-1", "Main | line"), listed("af-2", "Billing")]

ACTIONS = [
    action("crm", 5_000, version=4, name="CRM | look up"),
    action("fn", kind="function", function_ms=8_000, version=2, name="Score [v2]", category="Function Data Actions"),
    action("static-time", kind="static", name="Get time", category="Genesys"),
    action("auth", kind="custom_auth", name="CRM token"),
    action("idle", 30_000, version=1, name="Merge (old)"),
]

READINGS = [
    reading(
        step(1, Suggested(stored_ms=60_000), "crm", action_name="CRM | look up"),
        step(2, LiteralTimeout(timeout_ms=3_000), "crm", action_name="CRM | look up"),
        step(3, Expression(text="Flow.wait"), "crm", action_name="CRM | look up"),
        step(4, Suggested(), "static-time", action_name="Get time"),
        of="af-1",
    ),
    reading(
        step(1, Suggested(), "crm", action_name="CRM | look up"),
        step(2, Suggested(), "fn", action_name="Score [v2]"),
        of="af-2",
    ),
]

EVIDENCE = Evidence(
    asked_days=14,
    covered_days=13,
    actions=(
        ActionEvidence(
            action_id="crm",
            calls=40_000,
            failures=(
                Failures(error_type="TIMEOUT", response_status="408", calls=2_400),
                Failures(error_type="SERVER_ERROR", response_status="500", calls=40),
            ),
            mean_ms=1_900,
            max_ms=5_000,
            slower=(Slower(from_ms=4_000, calls=4_100), Slower(from_ms=5_000, calls=2_400)),
            busiest_hour_calls=400,
        ),
        ActionEvidence(
            action_id="fn", calls=900, mean_ms=700, max_ms=6_100, p95_ms=2_200, p99_ms=4_000, busiest_hour_calls=30
        ),
        ActionEvidence(action_id="gone", calls=12, mean_ms=100, max_ms=200),
    ),
)

POLICY = Policy.model_validate(
    {
        "rules": [{"name": "at least 10s", "at_least": "10s"}],
        "levers": ["step", "action"],
        "capacity": {"concurrent": 1},
    }
)

INVENTORY = inventory(
    ARCHITECT_FLOWS, READINGS, ACTIONS, evidence=EVIDENCE, notes=("The functions behind X could not be read: 403",)
)

OUTCOMES: list[Outcome] = [became("published", "af-1", "Main | line", version_before="4.0", version_after="5.0")]
ACTION_OUTCOMES = [
    became(
        "published",
        "crm",
        "CRM | look up",
        "action",
        limit_before_ms=5_000,
        limit_after_ms=10_000,
        version_before="4",
        version_after="5",
    ),
    became(
        "failed",
        "fn",
        "Score [v2]",
        "action",
        reason="the platform does not take the draft: no zip; the limit is as it was",
        limit_before_ms=8_000,
        limit_after_ms=10_000,
        version_before="2",
    ),
]
ALL_OUTCOMES = [*OUTCOMES, *ACTION_OUTCOMES]


def plan() -> Plan:
    """The plan of both levers."""
    return compute_plan(INVENTORY, POLICY)
