"""What one Architect flow is to become, how patiently, and what came of publishing it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from timeouts.outcomes import Outcome
from timeouts.step_edits import RawTimeout, StepEdit
from timeouts.steps import DefinitionKind
from timeouts.values import Value

_SLICE_MS = 250


class Order(Value):
    """The planned timeouts of one Architect flow, pinned to what the plan was made from.

    `edits`: by step id, the timeout to set or the text to put back. `version` and `fingerprint` are the published
    version's at the time of the plan, and `originals`, by step id, what it had written of the timeouts; where the
    platform shows others, nothing is written. `may_lower`: whether a wait may become shorter than what is found there.
    """

    architect_flow_id: str
    name: str
    kind: DefinitionKind
    version: str | None
    fingerprint: str
    edits: Mapping[str, StepEdit]
    originals: Mapping[str, RawTimeout]
    may_lower: bool = False


class Publication(Value):
    """What came of one order. `expected_fingerprint` is what the published definition must have, empty when unknown."""

    outcome: Outcome
    expected_fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Timing:
    """The clock, how long things are waited for, and whether to end early. All in milliseconds.

    `deadline_ms`: how long a publish is followed.
    `settle_ms`: how long the effect of a write whose answer was lost is waited for: longer than a gateway waits for
    what is behind it.
    `grace_ms`: how long a lock of our own client must not move before the run that took it counts as dead: longer than
    a living run stands still, which settles, or waits for the rate limit.
    `last_ms`: how long a publish that was sent is still followed after a stop, so that its end is known and no lock
    is left: less than the 30 s after which Prefect kills a run that it cancels.
    `stopped`: whether the run was asked to end; asked before each step and several times a second while waiting.
    """

    now_ms: Callable[[], int]
    sleep_ms: Callable[[int], None]
    deadline_ms: int = 300_000
    settle_ms: int = 75_000
    grace_ms: int = 120_000
    last_ms: int = 15_000
    stopped: Callable[[], bool] = lambda: False

    def wait_ms(self, duration_ms: int) -> None:
        """Wait that long, or until a stop is asked for."""
        end_ms = self.now_ms() + duration_ms
        while (left_ms := end_ms - self.now_ms()) > 0 and not self.stopped():
            self.sleep_ms(min(left_ms, _SLICE_MS))
