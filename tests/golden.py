"""Golden files: what people read, kept beside the tests and looked at when it changes."""

import os
from pathlib import Path


def is_golden(path: Path, found: str) -> bool:
    """Tell whether `found` is what the file holds; with UPDATE_GOLDEN in the environment it is written first."""
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(found, "utf-8")
    assert path.read_text("utf-8") == found
    return True
