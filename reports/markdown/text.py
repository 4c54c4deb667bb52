"""Markdown whose tables and links survive whatever people named their Architect flows and steps."""

from collections.abc import Callable, Iterable, Sequence

from reports.table import Addresses
from timeouts.text.outlets import escaped, link_text

LISTED = 50
"""So many lines of a list or table of the summary; the others are counted."""


Named = Callable[[str, str], str]
"""Writes the name of an Architect flow, given its id and name, as a link to its page where there is one."""


def linked(text: str, address: str) -> str:
    """Return a link; only the text where there is no address."""
    target = address.replace(" ", "%20").replace(")", "%29").replace("|", "%7C")
    return f"[{link_text(text)}]({target})" if address else escaped(text)


def naming(addresses: Addresses) -> Named:
    """Return what writes names as links; `addresses`: where to open each Architect flow, by its id."""
    return lambda architect_flow_id, name: linked(name, addresses.get(architect_flow_id, ""))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; cells are Markdown already."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def section(title: str, body: str) -> str:
    """Return a section, or nothing where its body is empty."""
    return f"## {title}\n\n{body}" if body else ""


def bullets(lines: Iterable[str]) -> str:
    """Return a list of points."""
    return "\n".join(f"- {line}" for line in lines)


def shortened(lines: Sequence[str]) -> str:
    """Return a list of points that is not longer than people read, and how many more there are."""
    return bullets(lines[:LISTED]) + more(len(lines))


def more(count: int, most: int = LISTED) -> str:
    """Return how many of so many lines were left out, '' where none were."""
    return f"\n\nand {count - most} more: see the tables of the run." if count > most else ""
