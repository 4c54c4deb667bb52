"""What the limit of one action is to become, and what came of it."""

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field

from timeouts.action_outcomes import ActionOutcome
from timeouts.values import Value


class ActionOrder(Value):
    """The planned limit of one action, in milliseconds (None: no limit), pinned to what the plan was made from.

    Where the platform shows another `version`, or another limit than `before_ms`, nothing is written; nor is a limit
    below the one that is live, unless the order `may_lower` it.
    """

    action_id: str
    name: str
    kind: typing.Literal["custom", "function"]
    version: int
    before_ms: int | None
    after_ms: int | None
    may_lower: bool = False


@dataclass(frozen=True, slots=True)
class ActionPublication:
    """What came of one order. `expected`: the fingerprints of what must be live, empty when that is not known."""

    outcome: ActionOutcome
    expected: Mapping[str, str] = field(default_factory=dict)


class Marks(typing.Protocol):
    """Which actions have a draft that we made. Drafts carry no owner, so this has to outlive a killed run."""

    def has(self, action_id: str) -> bool:
        """Tell whether we made a draft of an action and have not seen its end."""

    def put(self, action_id: str) -> None:
        """Remember that we are about to make one."""

    def drop(self, action_id: str) -> None:
        """Forget it: there is none of ours any more, and none can come."""
