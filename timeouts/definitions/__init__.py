"""Definitions: the documents that hold an Architect flow's steps, read and edited byte by byte.

There are three kinds: the two of docs/design.md#kinds-of-definition, which the platform serves as JSON, and Archy's
YAML, which only files hold (`timeouts.definitions.archy`). Nothing outside this room knows which one it holds.
"""

from timeouts.definitions.edits import is_same_content, raw_timeout_after, setting_after, setting_of
from timeouts.definitions.interface import Definition, EditRefusedError, UnreadableDefinition
from timeouts.definitions.reading import read_definition

__all__ = [
    "Definition",
    "EditRefusedError",
    "UnreadableDefinition",
    "is_same_content",
    "raw_timeout_after",
    "read_definition",
    "setting_after",
    "setting_of",
]
