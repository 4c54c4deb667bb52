"""Text in a terminal: what an Architect flow is called must not colour, move or hide anything."""

from rich.text import Text

from timeouts.text.visible import LONGEST_LINE, cut, one_line


def plain(text: str, style: str = "") -> Text:
    """Return a sentence for a rich console as it stands: no markup, no emoji codes, no line of its own but one."""
    return Text(cut(text, LONGEST_LINE), style=style)


def name(text: str, style: str = "") -> Text:
    """Return a cell of a table, such as a name: as short as people read it."""
    return Text(one_line(text), style=style)


def stacked(*lines: str) -> Text:
    """Return a cell of several lines of ours, each with a name of its own."""
    return Text("\n").join(map(name, lines))


def below(first: str, second: str) -> Text:
    """Return a cell of two lines, the second one indented."""
    return Text("\n  ").join((name(first), name(second)))
