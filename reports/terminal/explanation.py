"""A step explained, in a terminal."""

from rich.console import Console

from reports.frames.planned.explanation import paragraphs
from reports.terminal.layout import heading, place, say
from timeouts.planning.explaining.explanation import Explanation


def show_explanation(out: Console, found: Explanation) -> None:
    """Print it paragraph by paragraph."""
    heading(out, f"{place(found.container, found.step_name)} of {found.architect_flow_name}")
    for part in paragraphs(found):
        say(out, part.title, "bold")
        for sentence in part.sentences:
            say(out, f"  {sentence}")
