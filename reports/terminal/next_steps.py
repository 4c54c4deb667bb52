"""What can be typed next, at the end of what a terminal shows: each command whole in one line, to be copied."""

from collections.abc import Sequence

from rich.console import Console

from reports.report import NextStep
from reports.terminal.plain import plain


def show_next(out: Console, steps: Sequence[NextStep]) -> None:
    """Print what for, and below it the command; nothing where there is nothing to be done."""
    if not steps:
        return
    out.print()
    out.print(plain("Next:", "bold"))
    for step in steps:
        out.print(plain(f"  {step.text}:"), soft_wrap=True)
        out.print(plain(f"    {step.command}", "cyan"), soft_wrap=True)  # a command in two pieces cannot be copied
