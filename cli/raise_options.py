"""What the command raise is asked for, and the policy that it means."""

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from cli.exits import UsageError
from timeouts.model.durations import parse_duration
from timeouts.model.values import reasons_of
from timeouts.policy.policy import Lever, Policy
from timeouts.policy.policy_file import read_policy_file


@dataclass(frozen=True, slots=True)
class RaiseOptions:
    """What `raise` was asked for: `to` with its filters and levers, or a policy file."""

    to: str | None = None
    action: str | None = None
    architect_flow: str | None = None
    levers: str | None = None
    republish_callers: bool = False
    policy_file: Path | None = None
    waive: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    evidence: str | None = None

    def policy(self) -> Policy:
        """Return the policy that is meant. Raises UsageError, PolicyError or DurationError, which say what to mend."""
        if self.policy_file is not None:
            if self.to or self.action or self.architect_flow or self.levers or self.republish_callers:
                raise UsageError(
                    "--policy says everything: leave --to, --action, --architect-flow, --levers and "
                    "--republish-callers out"
                )
            return read_policy_file(self.policy_file)
        if self.to is None:
            raise UsageError("say what to raise: --to 10s, or --policy FILE")
        levers = [lever.strip() for lever in (self.levers or "step").split(",")]
        if unknown := [lever for lever in levers if lever not in get_args(Lever)]:
            raise UsageError(f"--levers: there is no lever {', '.join(unknown)}: name step, action or step,action")
        try:
            return Policy.raise_to(
                parse_duration(self.to),
                action=self.action,
                architect_flow=self.architect_flow,
                levers=levers,
                republish_callers=self.republish_callers,
            )
        except ValidationError as problem:
            raise UsageError(reasons_of(problem)) from None
