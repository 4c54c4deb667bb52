"""Architect configurations: their steps, and how the timeout of one is changed (docs/platform.md#configuration)."""

import functools
import typing
from collections.abc import Iterable, Iterator, Mapping

from timeouts.definitions import architect_text
from timeouts.definitions.architect_setting import read_setting
from timeouts.definitions.architect_walk import (
    Container,
    Node,
    Place,
    check_ids,
    check_marks,
    kind_of,
    text_or_empty,
)
from timeouts.definitions.common_modules import EmbeddedModule, all_containers, is_taken_in, own_content
from timeouts.definitions.documents import fingerprint_of, parse_exact
from timeouts.definitions.edits import changeable
from timeouts.definitions.interface import Path, PlainDefinition, UnreadableDefinition
from timeouts.definitions.manifest import check_manifest
from timeouts.definitions.spans import ObjectSpan, Splice, spliced_bytes
from timeouts.model.settings import LiteralTimeout, Suggested, TimeoutSetting, Unreadable
from timeouts.model.step_edits import ArchitectRawTimeout, StepEdit
from timeouts.model.steps import DefinitionKind, Snapshot, Step
from timeouts.text.bounds import LONGEST_NAME
from timeouts.text.phrases import dotted

_TABLE_BITS = 64
"""A number of more is none that every reader of JSON takes."""


class ParsedTimeout(typing.NamedTuple):
    """What a step says of its timeout, and how, unless that is not to be changed."""

    setting: TimeoutSetting
    raw_timeout: ArchitectRawTimeout | None


class ArchitectDefinition(PlainDefinition):
    """An Architect configuration that was read and cross-checked."""

    kind: DefinitionKind = "architect"

    def __init__(
        self, text: str, steps: tuple[Step, ...], places: Mapping[str, Place], snapshots: tuple[Snapshot, ...]
    ) -> None:
        self._text = text
        self._places = places
        self.steps = steps
        self.snapshots = snapshots

    @property
    def content(self) -> typing.Any:
        """The whole document, as `parse_exact` gives it."""
        return parse_exact(self._text)

    @functools.cached_property
    def fingerprint(self) -> str:
        """The hash of the whole configuration but for what a publish takes in from embedded modules."""
        return fingerprint_of(own_content(self.content))

    @property
    def locations(self) -> Mapping[str, Path]:
        """Where each step's node stands, by step id."""
        return {step_id: place.path for step_id, place in self._places.items()}

    def sets_timeout(self, below_step: Path) -> bool:
        """Return True for the flag and for everything in the timeout expression."""
        return below_step[:1] in {("useSuggestedTimeout",), ("timeout",)}

    def is_taken_in(self, path: Path) -> bool:
        """Return True for the snapshots of embedded modules and the manifest, which a publish makes anew."""
        return bool(self.snapshots) and is_taken_in(path)

    def with_edits(self, edits: Mapping[str, StepEdit]) -> bytes:
        """Make the flag and the expression of each step say what its edit asks for; keep every other byte."""
        splices: list[Splice] = []
        for step_id, after in changeable(self.steps, edits):
            assert isinstance(after, ArchitectRawTimeout), "another kind is refused before"
            splices += architect_text.put(self._text, self._places[step_id].start, after)
        return spliced_bytes(self._text, splices)


def read_architect(text: str, top: ObjectSpan) -> ArchitectDefinition:
    """Make the definition of a document whose containers and common modules were read.

    Raises `UnreadableDefinition` where the walk, the manifest and the text do not agree on its steps. Where there is
    no manifest (all real configurations have one) the text alone is the witness.
    """
    sequence, manifest, embedded = (top.find(key) for key in ("flowSequenceItemList", "manifest", "commonModules"))
    assert sequence is not None
    containers: list[Container] = sequence.value
    modules: list[EmbeddedModule] = [] if embedded is None else embedded.value
    check_ids(containers)
    check_marks(text, list(all_containers(containers, modules)))
    found = list(_steps_in(containers))
    steps = tuple(step for step, _ in found)
    snapshots = tuple(_snapshot_of(module) for module in modules)
    if manifest is not None:
        check_manifest(manifest.value, steps, snapshots)
    return ArchitectDefinition(text, steps, {step.id: place for step, place in found}, snapshots)


def _steps_in(containers: Iterable[Container]) -> Iterator[tuple[Step, Place]]:
    for container in containers:
        for node in container.nodes:
            if node.content is not None:
                yield _step_of(container, node, _parse_timeout(node.content, node.timeout)), node.place


def _snapshot_of(module: EmbeddedModule) -> Snapshot:
    containers = module.containers
    check_ids(containers or ())
    return Snapshot(
        module_id=module.id,
        name=module.name,
        version=module.version,
        is_shown=containers is not None,
        steps=tuple(step for step, _ in _steps_in(containers or ())),
    )


def _step_of(container: Container, node: Node, parsed: ParsedTimeout) -> Step:
    """Return the step that a node is; raises `UnreadableDefinition` where it has no id."""
    content = node.content
    assert content is not None, "only a step has its content kept"
    if not isinstance(node.id, str) or not node.id:
        raise UnreadableDefinition(f"the step at {dotted(node.place.path)} has no id")
    category, tracking_id = content.get("category"), content.get("trackingId")
    return Step(
        id=text_or_empty(node.id),
        name=text_or_empty(content.get("name")),
        kind=kind_of(content),
        container=container.name,
        tracking_id=tracking_id if type(tracking_id) is int and tracking_id.bit_length() < _TABLE_BITS else None,
        action_id=text_or_empty(content.get("actionId")),
        action_name=text_or_empty(content.get("actionName")),
        category=text_or_empty(category.get("name")) if isinstance(category, dict) else "",
        setting=parsed.setting,
        raw_timeout=parsed.raw_timeout,
    )


def _parse_timeout(content: Mapping[str, typing.Any], timeout: str | None) -> ParsedTimeout:
    """Return what a step says of its timeout; `timeout` is the text of the member with that name."""
    if timeout is not None and len(timeout) > LONGEST_NAME:
        reason = f"its timeout is written in {len(timeout):,} characters, {LONGEST_NAME:,} at most are read"
        return ParsedTimeout(Unreadable(reason=reason), None)
    setting = read_setting(content)
    if not isinstance(setting, (Suggested, LiteralTimeout)) or kind_of(content) == "bridge":
        return ParsedTimeout(setting, None)
    return ParsedTimeout(setting, ArchitectRawTimeout(suggested=content["useSuggestedTimeout"], timeout=timeout))
