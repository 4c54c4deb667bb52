"""How the pages that are made from the tests write their tables."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from tests.publishing.colleagues import Visit
from tests.publishing.matrices.exceptions import Exempt
from tests.publishing.matrices.matrix import Kill

Played = TypeVar("Played", Kill, Visit)


def listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def exceptions(title: str, exempt: Sequence[Exempt]) -> str:
    rows = [(one.when, one.instead, one.why, f"`{one.test}`") for one in exempt]
    return f"## {title}: {len(exempt)}\n\n{table(('when', 'what happens instead', 'why', 'pinned by'), rows)}"


def by_row(played: Iterable[Played]) -> Iterable[tuple[tuple[str, str], list[Played]]]:
    """Sort cells by the platform and by what is done."""
    found: dict[tuple[str, str], list[Played]] = {}
    for each in played:
        found.setdefault((str(each.setting), each.sequence.name), []).append(each)
    return found.items()
