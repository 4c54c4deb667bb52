"""How the pages that are made from the tests write their tables."""

from collections.abc import Iterable, Sequence

from tests.publishing.matrices.exceptions import Exempt


def listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def exceptions(title: str, exempt: Sequence[Exempt]) -> str:
    rows = [(one.when, one.instead, one.why, f"`{one.test}`") for one in exempt]
    return f"## {title}: {len(exempt)}\n\n{table(('when', 'what happens instead', 'why', 'pinned by'), rows)}"
