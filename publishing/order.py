"""What one Architect flow is to become, how patiently, and what came of publishing it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from timeouts.outcomes import Outcome
from timeouts.steps import DefinitionKind
from timeouts.values import Value


class Order(Value):
    """The planned timeouts of one Architect flow, pinned to what the plan was made from.

    `timeouts_ms`: step id to new timeout in milliseconds. `version` and `fingerprint` are the published version's
    at the time of the plan; where the platform shows others, nothing is written.
    """

    architect_flow_id: str
    name: str
    kind: DefinitionKind
    version: str | None
    fingerprint: str
    timeouts_ms: Mapping[str, int]


class Publication(Value):
    """What came of one order. `expected_fingerprint` is what the published definition must have, empty when unknown."""

    outcome: Outcome
    expected_fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """The clock, and how long the end of a publish is waited for. All in milliseconds.

    `polls_ms`: the waits between reads of `currentOperation`; the last one repeats until `deadline_ms` has passed.
    Short ones first: most publishes end within seconds, a few take minutes (genesys-cloud.md 6.4).
    """

    now_ms: Callable[[], int]
    sleep_ms: Callable[[int], None]
    polls_ms: tuple[int, ...] = field(default=(500, 1_000, 2_000, 3_000, 5_000, 8_000, 10_000))
    deadline_ms: int = 300_000
