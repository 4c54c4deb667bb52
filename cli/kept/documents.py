"""Documents that `--json` of a run has written, read again."""

from pathlib import Path
from typing import TYPE_CHECKING

from cli.exits import UsageError

if TYPE_CHECKING:
    from reports.report import Report

MOST_BYTES = 256 * 2**20
"""Of a document; that of an org of 5,000 Architect flows has 15 MB (docs/bounds.md)."""

_WANTED = "give the file that `--json FILE` of an audit, a raise, an apply or a roll back has written"


def read_document(path: Path, option: str = "") -> "Report":
    """Return the run that a file holds. `option`: what named it. Raises UsageError, which says what to give."""
    from pydantic import ValidationError

    from reports.report import Report

    what = f"{option} {path}".strip()
    try:
        if not path.is_file():
            raise UsageError(f"{what}: it is no file: {_WANTED}")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as problem:
        raise UsageError(f"{what}: it cannot be read ({problem.strerror}): {_WANTED}") from None
    if len(content) > MOST_BYTES:
        raise UsageError(f"{what}: it is larger than the {MOST_BYTES:,} bytes of a run: {_WANTED}")
    try:
        return Report.model_validate_json(content)
    except ValidationError:
        raise UsageError(f"{what}: it is no run that this version can read: {_WANTED}") from None
