"""What somebody asks of `set`: which step is to say what, as it was typed, and the commands that say the same."""

import shlex
from dataclasses import dataclass

from cli.exits import UsageError
from timeouts.model.durations import DurationError, format_duration, parse_duration
from timeouts.model.effective import LONGEST_LIMIT_MS
from timeouts.policy.policy import DEFAULT_CEILING_MS

_LONGEST = 20  # digits: whatever is longer is over the ceiling anyway, and Python converts no thousands of them


@dataclass(frozen=True, slots=True)
class Wish:
    """One step, by the id of its Architect flow and a name or id, and what it is to say."""

    architect_flow_id: str
    name: str
    timeout: str
    org: str | None = None
    allow_lowering: bool = False

    def wanted_ms(self) -> int:
        """Return the timeout in milliseconds. Raises UsageError for what is impossible or missing."""
        wanted_ms = _milliseconds(self.timeout)
        if not self.architect_flow_id.strip():
            raise UsageError("say which Architect flow: TARGET_FLOW_ID in the environment, or --architect-flow ID")
        if not self.name.strip():
            raise UsageError("say which step: TARGET_ACTION_NAME in the environment, or --step NAME")
        return wanted_ms

    def command(self, step_id: str) -> str:
        """Return the command that asks for the same, whatever the environment says."""
        step = ["--architect-flow", self.architect_flow_id, "--step", step_id]
        allowed = ["--allow-lowering"] if self.allow_lowering else []
        return self._of_the_org("set", *step, "--timeout", format_duration(self.wanted_ms()), *allowed)

    def undo(self, run_id: str) -> str:
        """Return the command that puts back what a run of it published."""
        return self._of_the_org("roll-back", run_id, "--apply")

    def _of_the_org(self, *words: str) -> str:
        return shlex.join(["genesys-timeouts", *words, *([] if self.org is None else ["--org", self.org])])


def _milliseconds(text: str) -> int:
    """Read the tutorial's NEW_TIMEOUT_MS, a bare number of milliseconds, or a duration such as `10s`."""
    typed = text.strip()
    if typed.isascii() and typed.isdigit():
        typed = typed.lstrip("0")[:_LONGEST] or "0"
    try:
        wanted_ms = int(typed) if typed.isascii() and typed.isdigit() else parse_duration(typed)
    except DurationError as problem:
        raise UsageError(f"NEW_TIMEOUT_MS (or --timeout): {problem}, or 10000 for milliseconds") from None
    if wanted_ms < 1:
        raise UsageError(f"NEW_TIMEOUT_MS (or --timeout) is {typed}: a step waits 1ms or more")
    if wanted_ms > DEFAULT_CEILING_MS:
        ceiling = f"the ceiling of {format_duration(DEFAULT_CEILING_MS)} ({DEFAULT_CEILING_MS})"
        raise UsageError(
            f"NEW_TIMEOUT_MS (or --timeout) is {typed}, over {ceiling}: ask for less, or, up to"
            f" {format_duration(LONGEST_LIMIT_MS)}, use `raise` with a policy file whose ceiling allows it"
        )
    return wanted_ms
