"""An Architect flow in a file: its definition, and the way from an edited definition back to a file."""

from collections.abc import Callable
from dataclasses import dataclass

from timeouts.definitions import Definition


class UnreadableFile(ValueError):  # noqa: N818 - named after what it is, as `UnreadableDefinition`
    """A file that is not understood for certain; the message is a clause that says why, with the place."""


@dataclass(frozen=True, slots=True)
class FlowFile:
    """What a file holds of an Architect flow.

    `document`: what `definition` was read from, and `pack` what makes a file of such a document again. `reread`: how a
    document is read. `unwritable`: why the file must not be written, empty where it may be.
    """

    name: str
    type: str
    document: bytes
    definition: Definition
    reread: Callable[[bytes], Definition]
    pack: Callable[[bytes], bytes]
    unwritable: str = ""
