"""What surrounds the containers of a definition: defaults, languages, extra keys by type.

There are timeouts here too, and none of them belongs to a step.

Source: docs/platform.md#top-level-keys.
"""

from collections.abc import Mapping

from simulator.demo.definitions.builder import DefinitionBuilder
from simulator.demo.definitions.containers import CALL_TYPES
from simulator.demo.definitions.expressions import audio, duration, literal, unset
from simulator.demo.ids import shared_id
from simulator.demo.json_values import Json
from simulator.demo.population import BOTS
from simulator.demo.vocabulary import UTTERANCES

SPOKEN_FIRST = CALL_TYPES
"""The types whose documents begin with `defaultLanguage`; all others begin with `nextTrackingNumber`."""

_BYTES_OF_UTTERANCE = 160


def default_settings(kind: str) -> Json:
    """Build `defaultSettings`: by type of node, and only in call flows with a block for steps (4.2)."""
    found: Json = {
        "PlayAudioOnSilence": {"timeout": duration(40_000), "silenceDuration": duration(3_000), "audio": unset("aud")},
        "DetectSilence": {"timeout": duration(20_000), "silenceDuration": duration(5_000)},
        "CollectInput": {
            "noEntryTimeout": duration(5_000),
            "interDigitTimeout": duration(6_000),
            "acceptJustStar": literal("false", "bln"),
        },
        "TransferPureMatch": {"connTimeout": unset("dur"), "failureTransferPrompt": unset("aud")},
        "Menu": {"promptRepeatDelay": duration(10_000), "menuExitPrompt": audio("Auf Wiederhören!")},
    }
    if kind in CALL_TYPES:
        found |= {name: {"processingPrompt": unset("aud")} for name in ("DataAction", "SecureAction")}
    return found


def extra_keys(builder: DefinitionBuilder, filler_bytes: int) -> Json:
    """Build the top-level keys that only some types have; `filler_bytes`: how much a bot has learnt."""
    kind = builder.profile.type
    if kind in {"inboundcall", "outboundcall", "securecall"}:
        outbound = {"outboundCallSettings": _outbound(builder)} if kind == "outboundcall" else {}
        return {**_spoken(secure=kind == "securecall"), **outbound}
    if kind in BOTS:
        return {**_bot(builder, filler_bytes), "knowledgeSettings": {"knowledge": None, "responseBias": "NoResponse"}}
    if kind == "voicesurvey":
        return {**_bot(builder, filler_bytes), "systemInitialValues": {}, **_spoken(secure=False)}
    return _FIXED.get(kind, {})


def languages() -> Json:
    """Build `supportedLanguageOptions`."""
    voices = {"de-de": "de-DE-KatjaNeural", "en-us": "en-US-AvaNeural"}
    return {
        language: {
            "defaultLanguageSkill": {"noValue": True},
            "textToSpeech": {"engine": "Genesys Enhanced TTS", "voice": voice},
            "speechToText": {"engine": "Genesys Enhanced V2", "endOfInputTimeout": duration(900)},
        }
        for language, voice in voices.items()
    }


def error_handling(label: str) -> Json:
    """Build `errorHandling`: what is said and done when something fails; the wording changed with each version."""
    return {
        "audio": audio(f'Es tut uns leid: "Das hat leider nicht geklappt" ({label}). Wir verbinden Sie.'),
        "handlingType": "DISCONNECT",
        "queue": {"id": shared_id("queue", "VIP"), "name": "VIP"},
    }


def _spoken(*, secure: bool) -> Json:
    return {
        "isSecure": secure,
        "disableAsr": False,
        "disableAsrCompanyDirectory": True,
        "initialPrompts": audio("Grüß Gott und guten Tag!"),
        "speechRecCompanyDirectory": {"noMatchTimeout": duration(7_000), "maxSpeechTimeout": duration(20_000)},
        "speechRecEngine": "genesys",
        "suppressRecording": secure,
    }


def _outbound(builder: DefinitionBuilder) -> Json:
    name = "Kampagne Frühjahr"
    contact_list = builder.mention("contactList", name, "outboundCallSettings", name)
    return {"contactList": {"id": contact_list, "name": name}, "wrapUpTimeout": duration(30_000)}


def _bot(builder: DefinitionBuilder, filler_bytes: int) -> Json:
    return {
        "botFlowSettings": {"botExitReason": unset("str"), "intentConfidence": "0.4"},
        "userInputSettings": {
            "noInputsMax": literal("3", "int"),
            "noInputsTimeout": duration(7_000),
            "voiceEndOfInputTimeout": duration(900),
            "collectionNoMatchPrompt": audio("Das habe ich nicht verstanden 😕."),
        },
        "nluMetaData": {"rawNlu": {"intents": _intents(builder, filler_bytes)}, "engineVersion": "3.0"},
        "virtualAgentSettings": {"enabled": False, "summary": unset("str")},
    }


def _intents(builder: DefinitionBuilder, filler_bytes: int) -> list[Json]:
    """Build what a bot was taught: the bulk of a large one."""
    wanted = max(filler_bytes // _BYTES_OF_UTTERANCE, 3)
    utterances = [
        {
            "id": builder.guid(),
            "source": "User",
            "segments": [{"text": f"{builder.rng.choice(UTTERANCES)} {number}", "entity": {"name": ""}}],
        }
        for number in range(wanted)
    ]
    return [
        {
            "name": f"Anliegen {start // 40 + 1}",
            "entityNameReferences": [],
            "utterances": utterances[start : start + 40],
        }
        for start in range(0, wanted, 40)
    ]


_WITHOUT_FIXTURE = ("commonmodule", "voice", "workitem", "emailsend")
"""Some of the types whose own keys no source shows."""

_ACTION_DEFAULTS: Json = {
    "callData": {"processingPrompt": {"noValue": True}, "timeout": duration(3_000)},
    "playAudioOnSilence": {"timeout": duration(40_000)},
    "detectSilence": {"timeout": duration(20_000)},
}
"""The names are those of exported YAML (7): a trap for a search by key."""

_FIXED: Mapping[str, Json] = {
    "inqueuecall": {"inQueueCallFlowSettings": {"holdMusic": audio("Wartemusik"), "callFlowStep": "inqueue"}},
    "inboundemail": {
        "inboundEmailSettings": {"emailStateTimeout": duration(43_200_000), "contentTrigger": []},
        "nluCortex": {"enabled": False, "languages": {}},
    },
    **{kind: {"settingsActionDefaults": _ACTION_DEFAULTS} for kind in _WITHOUT_FIXTURE},
}
"""By type: extra keys that are the same in every Architect flow."""
