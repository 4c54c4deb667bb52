"""What an org starts from: plain data that a generator makes and the platform serves.

Configurations are made on demand (`ArchitectFlowSeed.configuration`), so that an org of 5,000 Architect flows
costs no gigabytes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from simulator.traffic.traffic import ActionTraffic

ARCHITECT_FLOW_TYPES = (
    *("inboundcall", "workflow", "inboundemail", "voicesurvey", "inboundshortmessage", "commonmodule", "inboundchat"),
    *("outboundcall", "emailsend", "inqueueemail", "bot", "inqueuecall", "voice", "digitalbot", "speech", "workitem"),
    *("surveyinvite", "voicemail", "securecall", "inqueueshortmessage"),
)
"""The types (docs/platform.md#listing), in the order in which the demo org begins."""

KNOWN_TYPES = frozenset({*ARCHITECT_FLOW_TYPES, "businessprocess"})
"""All types that a listing may be asked for; others are refused."""


@dataclass(frozen=True, slots=True)
class PersonSeed:
    """A user of the org."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ClientSeed:
    """An OAuth client that published something before, such as a pipeline's; it never calls."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class DivisionSeed:
    """A division; every Architect flow lies in one."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ActionSeed:
    """An integration action. `config` has the API's own keys; templates are kept apart.

    Source: docs/platform.md#changing-an-action.
    """

    id: str
    name: str
    category: str
    integration_id: str
    secure: bool = False
    version: int = 1
    config: Mapping[str, Any] = field(default_factory=dict)
    contract: Mapping[str, Any] = field(default_factory=dict)
    request_template: str = "${input.rawRequest}"
    success_template: str = "${rawResult}"
    function_timeout_seconds: int | None = None
    """Set for function data actions only: 1 to 15."""
    traffic: ActionTraffic | None = None
    """The calls that analytics knows of; None: it was never called."""


@dataclass(frozen=True, slots=True)
class ArchitectFlowSeed:
    """One Architect flow at the start.

    `published_versions`: labels, oldest first, empty when it was never published; the last one is live.
    `draft`: what is newer than the live version. `saved` is a saved configuration under a lock (or of a never
    published Architect flow), `checked_in` a checked-in version that nobody published.
    `configuration(label)`: the raw bytes of that published version, or of the draft for the label `draft`.
    The same label always gives the same bytes.
    """

    id: str
    name: str
    type: str
    division_id: str
    configuration: Callable[[str], bytes]
    description: str = ""
    system: bool = False
    published_versions: tuple[str, ...] = ()
    published_by: PersonSeed | ClientSeed | None = None
    draft: Literal["none", "saved", "checked_in"] = "none"
    drafted_by: PersonSeed | None = None
    locked_by: PersonSeed | None = None
    modules: Callable[[str], Mapping[str, str]] | None = None
    """The versions of common modules that a configuration carries, by their ids; None: they are read from it."""


@dataclass(frozen=True, slots=True)
class OrgSeed:
    """A whole org. `kind` tells the real platform from the tutorial's contract (`flowData`)."""

    id: str
    name: str
    kind: Literal["architect", "flowData"]
    divisions: Sequence[DivisionSeed]
    people: Sequence[PersonSeed]
    actions: Sequence[ActionSeed]
    architect_flows: Sequence[ArchitectFlowSeed]
