"""The bytes of an Architect configuration, made when they are asked for and always the same.

Source: docs/platform.md#configuration.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.demo.actions import DemoAction
from simulator.demo.definitions.builder import DefinitionBuilder
from simulator.demo.definitions.containers import build_containers
from simulator.demo.definitions.modules import call_modules, with_snapshots
from simulator.demo.definitions.settings import SPOKEN_FIRST, default_settings, error_handling, extra_keys, languages
from simulator.demo.ids import shared_id
from simulator.demo.json_values import Json
from simulator.demo.module_calls import ModuleCall, carried
from simulator.demo.population import FlowProfile
from simulator.demo.steps import plan_steps

_COMMON = (
    *("uiMetaData", "supportedLanguages", "manifest", "type", "debugSettings", "errorHandling", "defaultSettings"),
    *("flowMetaData", "flowSequenceItemList", "supportedLanguageOptions", "variables", "versionMetaData"),
)
_WITHOUT_DESCRIPTION = frozenset({"bot", "inboundshortmessage", "securecall"})
_WITHOUT_DEFINITIONS = frozenset({"securecall"})

_CALL_BYTES = dict.fromkeys(("inboundcall", "outboundcall", "securecall"), 11_500)
_FRAME_BYTES = {**_CALL_BYTES, "inboundemail": 19_000, "bot": 10_500}
_USUAL_FRAME_BYTES = 7_500
_STEP_BYTES, _OTHER_BYTES = 3_900, 1_220
"""Measured means: what a definition takes without nodes, a step with its action, and any other node."""

_TAUGHT = frozenset({"bot", "digitalbot", "voicesurvey"})
_LEARNT_SHARE = 0.45
"""The types that were taught what people say, and how much of their nodes' room that takes."""

_ESCAPED_SHARE, _SLASHED_SHARE = 0.08, 0.06


@dataclass(frozen=True, slots=True, eq=False)
class Configuration:
    """Returns the raw bytes of a published version by its label, or of the draft for `draft`."""

    profile: FlowProfile
    actions: Sequence[DemoAction]
    calls: Sequence[ModuleCall] = ()

    def __call__(self, label: str) -> bytes:
        """Make the bytes: compact UTF-8, in some Architect flows with characters or slashes escaped."""
        document = self.document(label)
        style = random.Random(f"{self.profile.source}/style").random()
        text = json.dumps(document, ensure_ascii=style < _ESCAPED_SHARE, separators=(",", ":"))
        if _ESCAPED_SHARE <= style < _ESCAPED_SHARE + _SLASHED_SHARE:
            text = text.replace("/", r"\/")
        return text.encode()

    def document(self, label: str) -> Json:
        """Make the document."""
        edition = _edition(self.profile, label)
        return with_snapshots(_document(self, edition, label), edition, self.calls)

    def modules(self, label: str) -> dict[str, str]:
        """Return the versions of the modules that it carries, by id, without making the document."""
        edition = _edition(self.profile, label)
        return {call.module.profile.id: call.label(edition) for call in carried(self.calls)}


def _edition(profile: FlowProfile, label: str) -> int:
    """Return how old a version is: 0 for the live one, -1 for a draft. Raises ValueError for an unknown label."""
    if label == "draft":
        return -1
    if label not in profile.published_versions:
        raise ValueError(f"{profile.name} has no version {label!r}.")
    return len(profile.published_versions) - 1 - profile.published_versions.index(label)


def _document(configuration: Configuration, edition: int, label: str) -> Json:
    profile, actions = configuration.profile, configuration.actions
    builder = DefinitionBuilder(profile, edition, actions)
    steps = plan_steps(profile, actions)
    frame = _FRAME_BYTES.get(profile.type, _USUAL_FRAME_BYTES)
    left = max(profile.size_bytes - frame - len(steps) * _STEP_BYTES, 0)
    learnt = int(left * _LEARNT_SHARE) if profile.type in _TAUGHT else 0
    containers = build_containers(builder, steps, (left - learnt) // _OTHER_BYTES + 1)
    call_modules(builder, containers, configuration.calls)
    parts: Json = {
        "defaultLanguage": "de-de",
        "initialSequence": containers[0]["id"],
        "name": profile.name,
        "description": f"Stand {label}: größtenteils unverändert",
        "uiMetaData": {
            "actionServiceActions": [action.reference for action in builder.used.values()],
            "bridgeServerActions": list(builder.bridge_actions.values()),
            "screenPops": [],
        },
        "supportedLanguages": ["de-de", "en-us"],
        "type": profile.type,
        "debugSettings": {"enabled": False},
        "errorHandling": error_handling(label),
        "defaultSettings": default_settings(profile.type),
        "flowMetaData": {"flowDocumentVersion": "66.0", "minimumServerVersion": "1.0", "ttsDataVersion": "4.0"},
        "flowSequenceItemList": containers,
        "supportedLanguageOptions": languages(),
        "variables": builder.variables,
        "versionMetaData": {"inputSchema": _schema(), "outputSchema": _schema()},
        "customDefinitions": [],
        **extra_keys(builder, learnt),
    }
    builder.add_later_variables()
    parts["manifest"] = _manifest(builder)
    parts["nextTrackingNumber"] = builder.next_tracking_number
    return _ordered(profile.type, parts)


def _manifest(builder: DefinitionBuilder) -> Json:
    named = {kind: list(entries.values()) for kind, entries in builder.manifest.items()}
    voice = {"id": shared_id("ttsVoice", "Katja"), "version": "1.0", "context": [{"id": "de-de"}]}
    return {**named, "language": [{"id": "de-de"}, {"id": "en-us"}], "ttsVoice": [voice]}


def _ordered(kind: str, parts: Json) -> Json:
    tracked = ("nextTrackingNumber",)
    first = ("defaultLanguage", "initialSequence", "name", "description")
    order = (*first, *tracked) if kind in SPOKEN_FIRST else (*tracked, *first)
    left_out = {
        key
        for key, kinds in (("description", _WITHOUT_DESCRIPTION), ("customDefinitions", _WITHOUT_DEFINITIONS))
        if kind in kinds
    }
    keys = [*order, *_COMMON]
    keys += [key for key in parts if key not in keys]
    return {key: parts[key] for key in keys if key not in left_out}


def _schema() -> Json:
    return {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "properties": {}}
