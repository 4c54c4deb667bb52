"""The one door to Prefect's artifacts: what stands in the cells of tables is made harmless here.

Markdown is made of harmless text already (reports/markdown/).
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from prefect.artifacts import create_markdown_artifact, create_progress_artifact, create_table_artifact

from reports.table import Cell, shown_rows
from timeouts.text.outlets import escaped


def create_table(*, key: str, rows: Sequence[Mapping[str, Cell]], description: str) -> None:
    """Create a table; its description is Markdown."""
    create_table_artifact(key=key, table=shown_rows(rows), description=description)


def create_markdown(*, key: str, markdown: str, description: str) -> UUID:
    """Create a page, and return its id; its description is Markdown, too."""
    created: Any = create_markdown_artifact(key=key, markdown=markdown, description=description)
    return cast("UUID", created)


def create_progress(title: str) -> UUID:
    """Create a progress bar at its beginning."""
    return cast("UUID", create_progress_artifact(progress=0.0, description=escaped(title)))
