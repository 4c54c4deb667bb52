"""What an Architect flow is made of: contents, versions, a lock, an Operation. Records without the API's rules."""

import abc
import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from simulator.api.errors import Refusal
from simulator.org.content.modules import SNAPSHOTS, snapshots_in
from simulator.org.content.validation import parsed
from simulator.org.seeds import ArchitectFlowSeed

_ACTION_ID = re.compile(rb'"actionId"\s*:\s*"([^"\\]+)"')


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who edits: a person, or an OAuth client."""

    kind: Literal["person", "client"]
    id: str
    name: str


class Content(abc.ABC):
    """The bytes of a configuration, and what is worked out from them at most once."""

    @abc.abstractmethod
    def body(self) -> bytes:
        """Return the bytes: always the same ones."""

    @functools.cached_property
    def sha256(self) -> str:
        """Their digest."""
        return hashlib.sha256(self.body()).hexdigest()

    @functools.cached_property
    def action_ids(self) -> frozenset[str]:
        """The ids of all actions that its steps call, found without parsing."""
        return frozenset(found.decode(errors="replace") for found in _ACTION_ID.findall(self.body()))

    @functools.cached_property
    def modules(self) -> Mapping[str, str]:
        """The versions of the common modules whose snapshots it carries, by id."""
        body = self.body()
        document = (parsed(body) if SNAPSHOTS.encode() in body else None) or {}
        return {str(entry.get("id")): str(entry.get("version")) for entry in snapshots_in(document)}


@dataclass(eq=False)
class SeededContent(Content):
    """A configuration that the generator makes when it is asked for. `keeps`: once and for all, not again and again."""

    seed: ArchitectFlowSeed
    label: str
    keeps: bool = False

    def body(self) -> bytes:
        """Make the bytes."""
        return self._kept if self.keeps else _made(self)

    @functools.cached_property
    def modules(self) -> Mapping[str, str]:
        """Ask the generator where it can tell without making the bytes."""
        return super().modules if self.seed.modules is None else self.seed.modules(self.label)

    @functools.cached_property
    def _kept(self) -> bytes:
        return self.seed.configuration(self.label)


@dataclass(eq=False)
class SavedContent(Content):
    """A configuration that somebody saved: the raw bytes of the request."""

    raw: bytes

    def body(self) -> bytes:
        """Return the bytes."""
        return self.raw


@functools.lru_cache(maxsize=64)
def _made(content: SeededContent) -> bytes:
    return content.seed.configuration(content.label)


@dataclass(slots=True)
class Version:
    """One version: `id` is its label ("4.0"), or `saved_version_<uuid>` while it is only saved.

    `bare`: made by a checkout alone, nobody saved anything. `publications`: how often it was published, so that a
    publish that was sent twice is seen.
    """

    id: str
    name: str
    content: Content
    by: Actor
    stage: Literal["SAVE", "CHECKIN", "PUBLISH"]
    saved_ms: int
    checked_in_ms: int | None = None
    published_ms: int | None = None
    published_by: Actor | None = None
    bare: bool = False
    publications: int = 0


@dataclass(frozen=True, slots=True)
class PublishPlan:
    """How a publish (or check-in) goes: a state transition as data.

    It is complete once `reads` reads of the Architect flow have seen it running and `ms` milliseconds of the org's
    clock have passed. `ending` may be that it never is, or that `nothing` happens: the answer names an Operation of
    which the Architect flow never shows anything (docs/platform.md#operations). `says`: the status with which the
    Operation of a success ends, which may be a word that nobody knows yet. `says_complete`: whether the Operation has a
    `complete` at all. A failure carries the platform's reason, and leaves the draft saved and locked, or already
    checked in (`checked_in_anyway`: publishing is not atomic, docs/platform.md#editing-order). `shown_after_ms`: so
    long after a success, which lets the lock go, the version is live.
    """

    reads: int = 1
    ms: int = 0
    shown_after_ms: int = 0
    ending: Literal["success", "failure", "never", "nothing"] = "success"
    says: str = "SUCCESS"
    says_complete: bool = True
    error_code: str = "ARCHITECT_FLOW_PUBLISH_FAILED"
    error_message: str = "The flow could not be published."
    error_details: tuple[tuple[str, str, str, str], ...] = ()
    """Each (errorCode, fieldName, entityId, entityName)."""
    checked_in_anyway: bool = False


@dataclass(slots=True)
class Operation:
    """An asynchronous Operation, followed through `currentOperation` (docs/platform.md#operations).

    `target`: the version to publish; None stands for the draft, which is checked in first. `unseen`: what it has
    published and does not show before `shown_ms`.
    """

    id: str
    action: Literal["PUBLISH", "CHECKIN", "VALIDATE"]
    by: Actor
    started_ms: int
    plan: PublishPlan
    target: Version | None = None
    status: str = "STARTED"
    complete: bool = False
    reads_seen: int = 0
    unseen: Version | None = None
    shown_ms: int = 0


@dataclass(slots=True)
class ArchitectFlowRecord:
    """One Architect flow as it is now.

    `committed`: checked-in and published versions, oldest first. `touched`: differs from the seed, or may.
    `active`: what is published is in service. `unsaved`: changed since it was last written to the state directory.
    """

    seed: ArchitectFlowSeed
    name: str
    description: str
    division_id: str
    committed: list[Version] = field(default_factory=list)
    saved: Version | None = None
    published: Version | None = None
    lock: Actor | None = None
    operation: Operation | None = None
    deleted: bool = False
    active: bool = True
    flow_data_version: int = 1
    touched: bool = False
    unsaved: bool = False

    @property
    def id(self) -> str:
        """The Architect flow's id, which never changes."""
        return self.seed.id

    @property
    def checked_in(self) -> Version | None:
        """The newest version that was checked in, published or not."""
        return next((version for version in reversed(self.committed) if version.checked_in_ms is not None), None)

    @property
    def latest(self) -> Version | None:
        """The newest content: saved, else checked in (docs/platform.md#reading-a-configuration)."""
        if self.saved is not None:
            return self.saved
        return self.committed[-1] if self.committed else None

    def version(self, version_id: str) -> Version | None:
        """Find a version by its id."""
        if self.saved is not None and self.saved.id == version_id:
            return self.saved
        return next((version for version in self.committed if version.id == version_id), None)

    def next_label(self) -> str:
        """Return the label of the next version that is checked in: N.0 becomes N+1.0 (docs/platform.md#versions)."""
        heads = [version.id.partition(".")[0] for version in self.committed]
        numbers = [int(head) for head in heads if head.isdecimal()]
        return f"{max(numbers, default=0) + 1}.0"

    def refusal(self, status: int, code: str, message: str, **params: str) -> Refusal:
        """Refuse something about this Architect flow; `message` may hold `{flowName}` and each of `params`."""
        return Refusal(status, code, message, params={"flowName": self.name, **params}, entity_id=self.id)

    def touch(self) -> None:
        """Note that something changed."""
        self.touched = self.unsaved = True
