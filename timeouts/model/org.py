"""What an org holds, as plain values: its Architect flows, their versions and locks, its integration actions."""

import re
import typing
from collections.abc import Collection, Mapping

from timeouts.model.values import Value
from timeouts.text.labels import is_before

FILES = "files-"
"""What the ids of folders of files begin with, which stand where that of an org stands."""

ARCHITECT_FLOW_TYPES = (
    *("bot", "commonmodule", "digitalbot", "emailsend", "inboundcall", "inboundchat", "inboundemail"),
    *("inboundshortmessage", "inqueuecall", "inqueueemail", "inqueueshortmessage", "outboundcall", "securecall"),
    *("speech", "surveyinvite", "voice", "voicemail", "voicesurvey", "workflow", "workitem"),
    "businessprocess",
)
"""The types of Architect flow (docs/platform.md#listing)."""


class Organization(Value):
    """The org that the credentials belong to (`GET /api/v2/organizations/me`).

    `platform`: the address at which it said so, '' for a stand-in on this machine, whose port changes. An org says
    itself which one it is, and a stand-in could say that it is another one.
    """

    id: str
    name: str
    platform: str = ""

    @property
    def key(self) -> str:
        """What tells this org from every other one, and from a stand-in that takes its id."""
        return f"{self.id} at {self.platform}" if self.platform else self.id

    @property
    def is_files(self) -> bool:
        """Whether it stands for folders of files, and is no org at all."""
        return self.id.startswith(FILES)


class Holder(Value):
    """Who holds the lock of an Architect flow: a person (`lockedUser`) or an OAuth client (`lockedClient`)."""

    kind: typing.Literal["person", "client"]
    id: str
    name: str = ""

    @property
    def label(self) -> str:
        """How people are told who it is."""
        return self.name or f"{self.kind} {self.id}"


class Publisher(Value):
    """Who published the version that is live: a person (`createdBy`) or an OAuth client (`createdByClient`).

    `us`: a client that our own runs write with. Source: docs/platform.md#flow-fields, #as-code.
    """

    kind: typing.Literal["person", "client", "us"]
    id: str = ""
    name: str = ""

    @property
    def label(self) -> str:
        """How people are told who it is."""
        return self.name or self.id

    @property
    def in_words(self) -> str:
        """The same, with what it is."""
        return {"person": self.label, "client": f"the client {self.label}", "us": "our OAuth client"}[self.kind]


_ENDED = frozenset({"SUCCESS", "FAILURE", "LOCKED", "UNLOCKED"})
_NO_EDIT = "STATE_CHANGE"


class Operation(Value):
    """An asynchronous Operation as `currentOperation` shows it (docs/platform.md#operations).

    `action` and `status` are the platform's raw words (`PUBLISH`, `STARTED`, ...): the SDK's models replace words
    that they do not know, so nothing is decided on a model's field (docs/measured.md#sdk-models).
    """

    id: str
    action: str = ""
    status: str = ""
    complete: bool = False
    user_id: str = ""
    error: str = ""
    """The platform's own reason: message, code and details in one line; empty where it gave none."""

    @property
    def is_running(self) -> bool:
        """Whether something is under way that may change versions or lock (docs/platform.md#operations)."""
        return not self.complete and self.status not in _ENDED and self.action != _NO_EDIT


DEACTIVATED = "deactivated: a publish would put it back into service"
"""What stands in the way of an Architect flow that somebody took out of service."""


class Listed(Value):
    """What an org lists by name. `told_apart_by`: what tells it from others of its name, '' where its name does."""

    id: str
    name: str
    told_apart_by: str = ""

    @property
    def label(self) -> str:
        """What people are shown as its name."""
        return f"{self.name} ({self.told_apart_by})" if self.told_apart_by else self.name

    @property
    def names(self) -> tuple[str, ...]:
        """What policies and options know it by: its name, its id, and its label where others share the name."""
        return (self.name, self.id, self.label) if self.told_apart_by else (self.name, self.id)


class ArchitectFlow(Listed):
    """One Architect flow as the listing and `GET /api/v2/flows/{id}` describe it.

    Versions are opaque labels such as `"4.0"`. `published_version` is None for one that was never published, or is not
    any more. `is_deactivated`: it has one, and `active` is false: somebody took it out of service.

    Source: docs/platform.md#flow-fields, #versions, #open-unpublished.
    """

    type: str = ""
    division_id: str = ""
    division_name: str = ""
    published_version: str | None = None
    published_by: Publisher | None = None
    checked_in_version: str | None = None
    saved_version: str | None = None
    locked_by: Holder | None = None
    operation: Operation | None = None
    is_deactivated: bool = False
    carries_flow_data: bool = False
    """The answer held `flowData`: the tutorial's contract (docs/design.md#kinds-of-definition)."""

    @property
    def newer_draft(self) -> str | None:
        """The label of a saved or checked-in draft that publishing would ship too, or None.

        Source: docs/platform.md#editing-order.
        """
        return self.unpublished_version if self.saved_version is None else self.saved_version

    @property
    def unpublished_version(self) -> str | None:
        """The label of what somebody checked in and nobody published yet, or None.

        An org whose publish does not check in would show one from before what is live
        (docs/platform.md#open-publish-checks-in).
        """
        label, live = self.checked_in_version, self.published_version
        return None if label == live or is_before(label, live) else label

    @property
    def publisher(self) -> str:
        """Who published what is live, in words; '' where the platform does not say."""
        return "" if self.published_by is None else self.published_by.in_words

    def recognising(self, clients: Collection[str]) -> "ArchitectFlow":
        """Return it with us as its publisher, where one of these OAuth clients published it: the ids of ours."""
        by = self.published_by
        return self if by is None or by.kind != "client" or by.id not in clients else self.as_ours()

    def as_ours(self) -> "ArchitectFlow":
        """Return it with us as its publisher; as it is where the platform does not say who published it."""
        by = self.published_by
        return self if by is None else self.model_copy(update={"published_by": by.model_copy(update={"kind": "us"})})

    @property
    def is_not_published(self) -> bool:
        """Whether there are only drafts, which no caller meets. One without either may carry `flowData`."""
        return self.published_version is None and self.newer_draft is not None and not self.carries_flow_data


ActionKind = typing.Literal["custom", "static", "function", "custom_auth"]
"""`static` actions are Genesys-owned and cannot be changed; `function` data actions take 1 to 15 s; `custom_auth`
actions allow no limit (docs/platform.md#action-limits)."""


def says_function(text: str) -> bool:
    """Return whether a category, or the type of an integration, is one of function data actions.

    Its words may be joined by blanks, `_`, `-` or nothing at all; a mere "Functions" may be an integration with some
    other vendor's, whose actions are custom ones (docs/platform.md#function-actions).
    """
    return "functiondataaction" in re.sub(r"[\s_-]+", "", text).lower()


class DataAction(Listed):
    """An integration action and its limit (docs/platform.md#action-limits).

    `limit_ms` is `config.timeoutSeconds` in milliseconds, `function_ms` the `timeoutSeconds` of the function behind a
    function data action; None where none is set or it is not known. `unknown_limit`: why what it sets is not
    understood, so that it is never changed; '' where it is.
    """

    category: str = ""
    kind: ActionKind = "custom"
    limit_ms: int | None = None
    function_ms: int | None = None
    unknown_limit: str = ""
    version: int | None = None
    secure: bool = False


class MovedResource(Value):
    """Something that an Architect flow uses and that moved since its publish, as dependency tracking names it.

    `type` is the platform's word, such as USERPROMPT (docs/platform.md#what-a-republish-ships).
    """

    id: str
    name: str
    type: str


class MovedResources(Value):
    """What moved, by the id of the Architect flow that uses it. `problem`: why that is not known, empty where it is."""

    by_architect_flow: Mapping[str, tuple[MovedResource, ...]] = {}
    problem: str = ""
