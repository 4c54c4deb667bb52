"""How much of a run a terminal shows."""

import sys
from dataclasses import dataclass

from reports.conditions import Selection

ROWS = 8
"""Of each table: two screens hold all that matters, and the artifacts, CSV and JSON hold the rest."""

ALL = sys.maxsize


@dataclass(frozen=True, slots=True)
class View:
    """So many rows of each table, `ALL` for every one. `steps`: which steps are listed, None where nobody asked."""

    rows: int = ROWS
    steps: Selection | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.rows == ALL


USUAL = View()
