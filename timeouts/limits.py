"""How much a plan may change: every limit that it exceeds, with the arithmetic."""

from timeouts.changes import Violation
from timeouts.policy import Limits

SHARE_COUNTS_FROM = 10
"""Fewer changed steps than this are never too large a share: a small org has few steps."""


def violations_of(limits: Limits, architect_flows: int, changed: int, steps: int) -> tuple[Violation, ...]:
    """Give the limits that a change of so many Architect flows, and of so many of all steps read, exceeds."""
    found = []
    if architect_flows > limits.architect_flows:
        text = f"{architect_flows} Architect flows would change, the limit is {limits.architect_flows}"
        found.append(Violation(limit="architect_flows", text=text))
    if changed >= SHARE_COUNTS_FROM and changed * 100 > limits.share * steps:
        share = f"{changed * 100 / steps:.1f}".removesuffix(".0")
        text = f"{changed} of {steps} steps would change, {share}% of them; the limit is {limits.share:g}%"
        found.append(Violation(limit="share", text=text))
    return tuple(found)
