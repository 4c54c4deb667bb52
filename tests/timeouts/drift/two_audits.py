"""Two audits of one small org, between which a colleague, a run of ours and an action's owner have been at work."""

from collections.abc import Sequence
from functools import partial

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.drift.comparing import drift_between
from timeouts.drift.drift import Drift
from timeouts.drift.snapshot import AuditStamp, Snapshot, snapshot_of
from timeouts.model.effective import SUGGESTED_DEFAULT_MS
from timeouts.model.org import ArchitectFlow, DataAction, Publisher
from timeouts.model.settings import Expression, LiteralTimeout, Suggested
from timeouts.model.steps import Reading

EARLIER = AuditStamp(run_id="run-1", run_name="quiet-fox", began_ms=1_000, began="2026-11-22 03:15 UTC")
LATER = AuditStamp(run_id="run-2", run_name="bold-owl", began_ms=2_000, began="2026-11-23 03:15 UTC")

S3, S5, S8, S10 = (LiteralTimeout(timeout_ms=seconds * 1_000) for seconds in (3, 5, 8, 10))


def seen(
    architect_flows: Sequence[ArchitectFlow],
    readings: Sequence[Reading],
    actions: Sequence[DataAction] = (action(),),
    *,
    stamp: AuditStamp = EARLIER,
    reader: int = 1,
) -> Snapshot:
    """A snapshot."""
    return snapshot_of(inventory(architect_flows, readings, actions), stamp=stamp, reader=reader)


ADA, BOB, LUKASZ = (Publisher(kind="person", name=name) for name in ("Ada", "Bob", "Łukasz"))
ROBOT = Publisher(kind="client", name="robot")

BEFORE = seen(
    [
        listed("af-1", "Support", published_version="4.0", published_by=ADA),
        listed("af-2", "Billing | *EMEA*", published_version="2.0", published_by=ADA),
        listed("af-3", "Old line", published_version="7.0", published_by=BOB),
        listed("af-4", "Night", published_version="1.0", published_by=BOB),
        listed("af-5", "Locked away", published_version="1.0"),
    ],
    [
        reading(step(1, S3), step(2, S10), step(3, Suggested()), step(4, S5), of="af-1"),
        reading(step(1, S3), step(2, Suggested(), "slow", action_name="Slow | score"), of="af-2"),
        reading(step(1, S8), of="af-3"),
        reading(step(1, S8), of="af-4"),
        reading(coverage="not_read", reason="403: missing permission", of="af-5"),
    ],
    [action(), action("slow", 5_000, name="Slow | score")],
)

AFTER = seen(
    [
        listed("af-1", "Support", published_version="6.0", published_by=ADA),
        listed("af-2", "Billing | *EMEA*", published_version="3.0", published_by=ROBOT),
        listed("af-4", "Night", published_version="2.0", published_by=LUKASZ),
        listed("af-5", "Locked away", published_version="1.0"),
        listed("af-6", "New line", published_version="1.0", published_by=ADA),
    ],
    [
        reading(
            step(1, S5), step(2, S8), step(3, Expression(text="Flow.wait")), step(9, S3, name="=HYPERLINK"), of="af-1"
        ),
        reading(step(1, S10), step(2, Suggested(), "slow", action_name="Slow | score"), of="af-2"),
        reading(step(1, S8), of="af-4"),
        reading(step(1, S3), of="af-5"),
        reading(step(1, S3), of="af-6"),
    ],
    [action(), action("slow", 12_000, name="Slow | score")],
    stamp=LATER,
)


moved_between = partial(drift_between, suggested_default_ms=SUGGESTED_DEFAULT_MS)


def drift() -> Drift:
    """What moved between the two."""
    return moved_between(BEFORE, AFTER, ours={("af-2", "3.0"): "brave-ant"})
