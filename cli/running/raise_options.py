"""What the command raise is asked for, and the policy that it means."""

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from cli.exits import UsageError
from timeouts.model.durations import parse_duration
from timeouts.model.values import reasons_of
from timeouts.policy.patterns import LONGEST_PATTERN, covers
from timeouts.policy.policy import MOST_RULES, Lever, Policy
from timeouts.policy.policy_file import read_policy_file
from timeouts.text.visible import one_line


@dataclass(frozen=True, slots=True)
class RaiseOptions:
    """What `raise` was asked for: `to` with its filters and levers, or a policy file."""

    to: str | None = None
    action: tuple[str, ...] = ()
    architect_flow: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    levers: str | None = None
    republish_callers: bool = False
    policy_file: Path | None = None
    waive: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    evidence: str | None = None

    def policy(self) -> Policy:
        """Return the policy that is meant. Raises UsageError, PolicyError or DurationError, which say what to mend."""
        if self.policy_file is not None:
            filters = (*self.action, *self.architect_flow, *self.exclude)
            if self.to or filters or self.levers or self.republish_callers:
                raise UsageError(
                    "--policy says everything: leave --to, --action, --architect-flow, --exclude, --levers and "
                    "--republish-callers out"
                )
            return read_policy_file(self.policy_file)
        if self.to is None:
            raise UsageError("say what to raise: --to 10s, or --policy FILE")
        levers = [lever.strip() for lever in (self.levers or "step").split(",")]
        if unknown := [lever for lever in levers if lever not in get_args(Lever)]:
            raise UsageError(f"--levers: there is no lever {', '.join(unknown)}: name step, action or step,action")
        self._check_filters()
        try:
            return Policy.raise_to(
                parse_duration(self.to),
                action=self.action,
                architect_flow=self.architect_flow,
                exclude=self.exclude,
                levers=levers,
                republish_callers=self.republish_callers,
            )
        except ValidationError as problem:
            raise UsageError(reasons_of(problem)) from None

    def _check_filters(self) -> None:
        """Refuse a filter that says nothing, or nothing beside another one: it may be a slip of the hand."""
        given = {"--action": self.action, "--architect-flow": self.architect_flow, "--exclude": self.exclude}
        for option, patterns in given.items():
            if not all(pattern.strip() for pattern in patterns):
                raise UsageError(f"{option} is empty, so nothing can match: name something, or leave it out")
            if not all(map(_is_text, patterns)):
                raise UsageError(
                    f"{option} has bytes that are no UTF-8: type the name anew, or ? for each letter that is not ASCII"
                )
            if longest := next((each for each in patterns if len(each) > LONGEST_PATTERN), ""):
                raise UsageError(f"{option} has {len(longest):,} characters, a pattern has {LONGEST_PATTERN} at most")
            for place, pattern in enumerate(patterns):
                wider = next((each for at, each in enumerate(patterns) if at != place and covers(each, pattern)), None)
                if wider is not None:
                    raise UsageError(
                        f"{option} {one_line(pattern)} says nothing beside {option} {one_line(wider)}: leave one out"
                    )
        if (rules := len(self.exclude) + max(len(self.action), 1) * max(len(self.architect_flow), 1)) > MOST_RULES:
            raise UsageError(
                f"these filters make {rules:,} rules, of each --action with each --architect-flow, and a policy has "
                f"{MOST_RULES:,} at most: use wildcards"
            )


def _is_text(typed: str) -> bool:
    """Return whether what was typed is text: bytes of another encoding arrive as halves of surrogate pairs."""
    try:
        typed.encode()
    except UnicodeEncodeError:
        return False
    return True
