"""Architect flows in Archy's YAML: their steps, and how the timeout of one is changed in the text."""

import functools
import typing
from collections.abc import Collection, Iterator, Mapping

from timeouts.definitions.archy import layout
from timeouts.definitions.archy.walk import FoundStep
from timeouts.definitions.documents import fingerprint_of
from timeouts.definitions.edits import changeable
from timeouts.definitions.interface import Definition, Path, PlainDefinition, path_to
from timeouts.definitions.spans import Splice, spliced, spliced_bytes
from timeouts.definitions.yaml_text.composing import Node, content_of, line_at
from timeouts.model.step_edits import ArchyRawTimeout, Restore, SetTimeout, StepEdit
from timeouts.model.steps import DefinitionKind, Snapshot, Step


class ArchyDefinition(PlainDefinition):
    """An Architect flow in Archy's YAML. `type` is the platform's word, such as `inqueuecall`."""

    kind: DefinitionKind = "archy"
    snapshots: tuple[Snapshot, ...] = ()

    def __init__(
        self, text: str, root: Node, *, name: str, of_type: str, steps: Mapping[str, tuple[Step, FoundStep]]
    ) -> None:
        self._text = text
        self._root = root
        self._found = {step_id: found for step_id, (_, found) in steps.items()}
        self.name = name
        self.type = of_type
        self.steps = tuple(step for step, _ in steps.values())

    @property
    def content(self) -> typing.Any:
        """The whole document, scalars as they are written."""
        return content_of(self._root)

    @functools.cached_property
    def fingerprint(self) -> str:
        """The hash of the whole document but for comments and layout."""
        return fingerprint_of(self.content)

    @functools.cached_property
    def locations(self) -> Mapping[str, Path]:
        """Where each step's content stands, by step id."""
        return {step_id: path_to(found.link) for step_id, found in self._found.items()}

    def sets_timeout(self, below_step: Path) -> bool:
        """Return True for the member `timeout` and all in it."""
        return below_step[:1] == ("timeout",)

    def with_edits(self, edits: Mapping[str, StepEdit]) -> bytes:
        """Make each step's `timeout` what its edit asks for, in the manner of the text; keep every other byte."""
        splices: list[Splice] = []
        for step_id, after in changeable(self.steps, edits):
            assert isinstance(after, ArchyRawTimeout), "another kind is refused before"
            found, edit = self._found[step_id], edits[step_id]
            match edit:
                case SetTimeout(timeout_ms=timeout_ms):
                    splices += layout.with_timeout(self._text, found.key, found.value, timeout_ms)
                case Restore():
                    splices += layout.with_text(self._text, found.value, after.timeout)
                case _:
                    typing.assert_never(edit)
        return spliced_bytes(self._text, splices)

    def differs_outside(self, edited: Definition, step_ids: Collection[str]) -> str:
        """Say in which line the text of an edited one differs beside the timeouts of these steps, '' where in none."""
        assert isinstance(edited, ArchyDefinition), "both were read by the same reader"
        alike = {step_id for step_id in step_ids if self._has_timeout(step_id) == edited._has_timeout(step_id)}  # noqa: SLF001
        before, after = (spliced(each._text, each._cuts(step_ids, alike)) for each in (self, edited))  # noqa: SLF001
        if before == after:
            return ""
        at = next((index for index, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), -1)
        line = line_at(before, min(len(before), len(after)) if at < 0 else at)
        return f"the text beside the timeouts differs in line {line}, counted without them"

    def _has_timeout(self, step_id: str) -> bool:
        found = self._found.get(step_id)
        return found is not None and found.value.find("timeout") is not None

    def _cuts(self, step_ids: Collection[str], alike: Collection[str]) -> Iterator[Splice]:
        for step_id in step_ids:
            if step_id in self._found:
                yield from layout.cut(self._text, self._found[step_id].value, whole=step_id not in alike)
