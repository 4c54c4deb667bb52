"""Architect configurations: their steps, and how the timeout of one is changed (docs/platform.md#configuration)."""

import functools
import typing
from collections.abc import Mapping

from timeouts.definitions import architect_text
from timeouts.definitions.architect_setting import read_setting
from timeouts.definitions.architect_walk import Container, Node, Place, check_ids, check_marks, text_or_empty
from timeouts.definitions.documents import text_fingerprint
from timeouts.definitions.edits import changeable
from timeouts.definitions.interface import Path, UnreadableDefinition, dotted
from timeouts.definitions.manifest import check_manifest
from timeouts.definitions.spans import ObjectSpan, Splice, shown, spliced_bytes
from timeouts.settings import LiteralTimeout, Suggested, TimeoutSetting
from timeouts.step_edits import ArchitectRawTimeout, StepEdit
from timeouts.steps import DefinitionKind, Step


class ParsedTimeout(typing.NamedTuple):
    """What a step says of its timeout, and how, unless that is not to be changed."""

    setting: TimeoutSetting
    raw_timeout: ArchitectRawTimeout | None


class ArchitectDefinition:
    """An Architect configuration that was read and cross-checked."""

    kind: DefinitionKind = "architect"

    def __init__(self, text: str, steps: tuple[Step, ...], places: Mapping[str, Place]) -> None:
        self._text = text
        self._places = places
        self.steps = steps

    @functools.cached_property
    def fingerprint(self) -> str:
        """The hash of the whole configuration."""
        return text_fingerprint(self._text)

    @property
    def locations(self) -> Mapping[str, Path]:
        """Where each step's node stands, by step id."""
        return {step_id: place.path for step_id, place in self._places.items()}

    def sets_timeout(self, below_step: Path) -> bool:
        """Return True for the flag and for everything in the timeout expression."""
        return below_step[:1] in {("useSuggestedTimeout",), ("timeout",)}

    def is_server_owned(self, path: Path) -> bool:  # noqa: ARG002 - the other kind of definition has such fields
        """No field of a configuration is known to move by itself (docs/platform.md#open-save)."""
        return False

    def with_edits(self, edits: Mapping[str, StepEdit]) -> bytes:
        """Make the flag and the expression of each step say what its edit asks for; keep every other byte."""
        splices: list[Splice] = []
        for step_id, after in changeable(self.steps, edits):
            assert isinstance(after, ArchitectRawTimeout), "another kind is refused before"
            splices += architect_text.put(self._text, self._places[step_id].start, after)
        return spliced_bytes(self._text, splices)


def read_architect(text: str, top: ObjectSpan) -> ArchitectDefinition:
    """Make the definition of a document whose `flowSequenceItemList` was read by `read_containers`.

    Raises `UnreadableDefinition` where the walk, the manifest and the text do not agree on its steps. Where there is
    no manifest (all real configurations have one) the text alone is the witness.
    """
    sequence, manifest = top.find("flowSequenceItemList"), top.find("manifest")
    assert sequence is not None
    containers: list[Container] = sequence.value
    check_ids(containers)
    check_marks(text, containers)
    found = [
        (_step_of(container, node, _parse_timeout(node.content, node.timeout)), node.place)
        for container in containers
        for node in container.nodes
        if node.content is not None
    ]
    steps = tuple(step for step, _ in found)
    if manifest is not None:
        check_manifest(manifest.value, steps)
    return ArchitectDefinition(text, steps, {step.id: place for step, place in found})


def _step_of(container: Container, node: Node, parsed: ParsedTimeout) -> Step:
    """Return the step that a node is; raises `UnreadableDefinition` where it has no id."""
    content = node.content
    assert content is not None, "only a step has its content kept"
    if not isinstance(node.id, str) or not node.id:
        raise UnreadableDefinition(f"the Call Data Action step at {dotted(node.place.path)} has no id")
    category, tracking_id = content.get("category"), content.get("trackingId")
    return Step(
        id=shown(node.id),
        name=text_or_empty(content.get("name")),
        container=container.name,
        tracking_id=tracking_id if isinstance(tracking_id, int) and not isinstance(tracking_id, bool) else None,
        action_id=text_or_empty(content.get("actionId")),
        action_name=text_or_empty(content.get("actionName")),
        category=text_or_empty(category.get("name")) if isinstance(category, dict) else "",
        setting=parsed.setting,
        raw_timeout=parsed.raw_timeout,
    )


def _parse_timeout(content: Mapping[str, typing.Any], timeout: str | None) -> ParsedTimeout:
    """Return what a step says of its timeout; `timeout` is the text of the member with that name."""
    setting = read_setting(content)
    if not isinstance(setting, (Suggested, LiteralTimeout)):
        return ParsedTimeout(setting, None)
    return ParsedTimeout(setting, ArchitectRawTimeout(suggested=content["useSuggestedTimeout"], timeout=timeout))
