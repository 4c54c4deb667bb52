"""How much a plan may change: every limit that it exceeds, with the arithmetic, and what a run waives by name."""

import typing
from collections.abc import Iterable

from timeouts.changes import LimitName, Violation
from timeouts.policy import Limits

SHARE_COUNTS_FROM = 10
"""Fewer changed steps than this are never too large a share: a small org has few steps."""


class UnknownLimitError(ValueError):
    """A waiver of something that is no limit; nothing is waived."""


def violations_of(
    limits: Limits, architect_flows: int, changed: int, steps: int, *, actions: int = 0, affected: int = 0
) -> tuple[Violation, ...]:
    """Return the limits that a change of so many Architect flows, and of so many of all steps read, exceeds.

    `actions`: limits of actions that would change; `affected`: steps whose wait that would change.
    """
    found = []
    if architect_flows > limits.architect_flows:
        text = f"{architect_flows} Architect flows would change, the limit is {limits.architect_flows}"
        found.append(Violation(limit="architect_flows", text=text))
    if changed > limits.changes:
        found.append(Violation(limit="changes", text=f"{changed} steps would change, the limit is {limits.changes}"))
    if changed >= SHARE_COUNTS_FROM and changed * 100 > limits.share * steps:
        text = f"{changed} of {steps} steps would change, {_share(changed, steps)}; the limit is {limits.share:g}%"
        found.append(Violation(limit="share", text=text))
    if actions > limits.actions:
        text = f"the limits of {actions} actions would change, the limit of the policy is {limits.actions}"
        found.append(Violation(limit="actions", text=text))
    if affected >= SHARE_COUNTS_FROM and affected * 100 > limits.reach * steps:
        would = f"{affected} of {steps} steps would be affected by a changed action limit, {_share(affected, steps)}"
        found.append(Violation(limit="reach", text=f"{would}; the limit is {limits.reach:g}%"))
    return tuple(found)


def _share(part: int, steps: int) -> str:
    return f"{f'{part * 100 / steps:.1f}'.removesuffix('.0')}% of them"


def unwaived(violations: Iterable[Violation], waive: Iterable[str]) -> tuple[Violation, ...]:
    """Return the violations that a run does not waive by their own names; as long as there is one, nothing is applied.

    Waivers belong to a run, never to a policy. Raises `UnknownLimitError` for a name that is no limit's.
    """
    waived = set(waive)
    known = typing.get_args(LimitName)
    unknown = sorted(waived.difference(known))
    if unknown:
        raise UnknownLimitError(f"no limit is called {', '.join(unknown)}: there are {', '.join(known)}")
    return tuple(violation for violation in violations if violation.limit not in waived)
