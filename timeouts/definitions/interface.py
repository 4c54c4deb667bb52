"""What all kinds of definition offer, and the two ways in which they say no."""

import typing
from collections.abc import Collection, Mapping

from timeouts.definitions.spans import shown
from timeouts.model.step_edits import StepEdit
from timeouts.model.steps import DefinitionKind, Snapshot, Step
from timeouts.text.visible import cut

Path = tuple[str | int, ...]
"""Where a value stands in a document: keys of objects and indexes of arrays, from the top."""


Link = tuple[typing.Any, str | int] | None
"""A place in a document as a link to the one above it and its key there, None at the top.

A path for each of a million values that stand deep in a document would take gigabytes.
"""


def path_to(link: Link) -> Path:
    """Return the path that a link stands for."""
    keys: list[str | int] = []
    while link is not None:
        link, key = link
        keys.append(key)
    return tuple(reversed(keys))


class UnreadableDefinition(ValueError):  # noqa: N818 - named after what it is, as `Unreadable` is for a step
    """A document that is not understood for certain: kept, counted, shown with its `reason`, never changed."""

    def __init__(self, reason: str) -> None:
        self.reason = cut(shown(reason))
        super().__init__(self.reason)


class EditRefusedError(ValueError):
    """An edit that names an unknown step, one that must not be changed, or an impossible timeout. Nothing was done."""


class Definition(typing.Protocol):
    """A definition as the rest of the house sees it."""

    @property
    def kind(self) -> DefinitionKind:
        """Which of the kinds it is; for records only, nothing is decided on it."""

    @property
    def content(self) -> typing.Any:
        """The whole document, for `find_differences`."""

    @property
    def fingerprint(self) -> str:
        """`sha256:` and a hash of the content, blind to key order, white space and escape forms; made on first use.

        What a publish takes in from embedded modules is no part of it.
        """

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of its own, in the order of the document."""

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """The common modules that it embeds, with the copies of their steps."""

    def with_edits(self, edits: Mapping[str, StepEdit]) -> bytes:
        """Return the document with each of these steps (by id) set to a timeout, or restored to the byte.

        Every byte outside what the edits name is the same, and they may be made in any order. Raises
        `EditRefusedError`.
        """

    @property
    def locations(self) -> Mapping[str, Path]:
        """Where each step's node stands in the document, by step id."""

    def sets_timeout(self, below_step: Path) -> bool:
        """Return whether a path, counted from the step's node, is part of what an edit of its timeout may change."""

    def differs_outside(self, edited: "Definition", step_ids: Collection[str]) -> str:
        """Say where the text of an edited one differs beside the timeouts of these steps; '' where it does not.

        Where the content tells all that counts, as in JSON, nothing is told here.
        """

    def is_server_owned(self, path: Path) -> bool:
        """Return whether a path, counted from the top, is a field that the platform itself moves on every save."""

    def is_taken_in(self, path: Path) -> bool:
        """Return whether a path, counted from the top, is what a publish takes in from embedded modules."""


class PlainDefinition:
    """What a kind of definition says of itself that has nothing special."""

    def differs_outside(self, edited: Definition, step_ids: Collection[str]) -> str:  # noqa: ARG002 - of files alone
        """White space and escapes, all that the content does not tell, are no difference in JSON."""
        return ""

    def is_server_owned(self, path: Path) -> bool:  # noqa: ARG002 - only `flowData` has such fields
        """No field of another kind is known to move by itself (docs/platform.md#open-save)."""
        return False

    def is_taken_in(self, path: Path) -> bool:  # noqa: ARG002 - only a configuration is known to embed modules
        """Archy names common modules and carries no copies of them, and `flowData` is not known to."""
        return False
