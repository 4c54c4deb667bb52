"""How many executions of data actions an org allows, as it says itself (docs/platform.md#concurrency, #org-limits)."""

from timeouts.model.values import Value

DOCUMENTED_CONCURRENT = 50
"""Executions of data actions at once."""

DOCUMENTED_A_MINUTE = 2_500
"""Executions of data actions that begin in a minute."""


class OrgLimits(Value):
    """The org's own limits of data actions; None where it names none.

    `concurrent`: executions at once, those of functions included. `function_concurrent`: those of functions alone.
    `a_minute`: executions that begin in a minute. `problem`: why none could be read, '' where they were.
    """

    concurrent: int | None = None
    function_concurrent: int | None = None
    a_minute: int | None = None
    problem: str = ""
