"""Integration actions: the other timeout (docs/platform.md#action-limits). Records without the API's rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from simulator.api.errors import Refusal
from simulator.org.actions.content import ActionContent, built_content
from simulator.org.seeds import ActionSeed

STATIC_PREFIX = "static"
CUSTOM_AUTH_PREFIX = "custom_auth_-_"


@dataclass(slots=True)
class ActionDraft:
    """What somebody edits beside the published action. `based_on`: the action's version when the draft was made."""

    content: ActionContent
    version: int
    based_on: int


@dataclass(slots=True)
class ActionRecord:
    """One action as it is now. `content`: what is published. `touched` and `unsaved` as of an Architect flow.

    `limits`: from which moment on (milliseconds since 1970) it had which other limit, for its traffic.
    """

    seed: ActionSeed
    content: ActionContent
    version: int
    draft: ActionDraft | None = None
    deleted: bool = False
    limits: tuple[tuple[int, int | None], ...] = ()
    touched: bool = False
    unsaved: bool = False

    @property
    def id(self) -> str:
        """The action's id."""
        return self.seed.id

    @property
    def name(self) -> str:
        """Its published name."""
        return self.content.name

    @property
    def category(self) -> str:
        """Its published category."""
        return self.content.category

    @property
    def config(self) -> dict[str, Any]:
        """Its published config, as the content keeps it."""
        return self.content.config

    @property
    def immutable(self) -> bool:
        """Whether Genesys owns it."""
        return self.id.startswith(STATIC_PREFIX)

    @property
    def authenticates(self) -> bool:
        """Whether it is a Custom Authentication Action, for which no timeout is valid."""
        return self.id.startswith(CUSTOM_AUTH_PREFIX)

    def delete(self) -> None:
        """Delete it, and its draft with it."""
        self.deleted, self.draft = True, None
        self.touch()

    def touch(self) -> None:
        """Note that something changed."""
        self.touched = self.unsaved = True


class ActionRecords:
    """All actions by id."""

    def __init__(self, seeds: Iterable[ActionSeed]) -> None:
        self._by_id = {seed.id: _built(seed) for seed in seeds}

    def __iter__(self) -> Iterator[ActionRecord]:
        return iter(self._by_id.values())

    @property
    def deleted(self) -> set[str]:
        """The ids of deleted actions."""
        return {record.id for record in self if record.deleted}

    def find(self, action_id: str) -> ActionRecord:
        """Return one action, even a deleted one. Raises Refusal 404."""
        record = self._by_id.get(action_id)
        if record is None:
            raise _not_found(action_id)
        return record

    def live(self, action_id: str) -> ActionRecord:
        """Return one action that was not deleted. Raises Refusal 404."""
        record = self.find(action_id)
        if record.deleted:
            raise _not_found(action_id)
        return record

    def put(self, record: ActionRecord) -> None:
        """Replace one action, as an earlier process left it."""
        self._by_id[record.id] = record

    def reset(self) -> None:
        """Put back what was touched."""
        for action_id, record in self._by_id.items():
            if record.touched:
                self._by_id[action_id] = _built(record.seed)


def _built(seed: ActionSeed) -> ActionRecord:
    return ActionRecord(seed, built_content(seed), seed.version)


def _not_found(action_id: str) -> Refusal:
    return Refusal(404, "not.found", "The action '{id}' was not found.", params={"id": action_id}, entity_id=action_id)
