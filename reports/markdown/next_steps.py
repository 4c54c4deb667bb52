"""The section that says what can be typed after a run."""

from collections.abc import Iterable

from reports.markdown.text import section
from reports.report import NextStep
from timeouts.text.outlets import escaped, inert


def next_section(steps: Iterable[NextStep]) -> str:
    """List what for, and below it the command."""
    return section(
        "What can be typed next", "\n\n".join(f"{escaped(step.text)}:\n\n{_command(step)}" for step in steps)
    )


def _command(step: NextStep) -> str:
    """Return the command as code; one that would be more than its text in Markdown, by a hostile name, is not shown."""
    if inert(step.command) != step.command or "`" in step.command:
        return "The command is in the terminal and in the document of `--json`: a name in it cannot be shown here."
    return f"    {step.command}"
