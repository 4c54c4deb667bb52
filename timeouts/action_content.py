"""The whole of one action as the platform serves it, and what another limit makes of it: nothing else may differ."""

import copy
import json
import typing
from collections.abc import Mapping
from dataclasses import dataclass, replace

from timeouts.differences import Difference, find_differences
from timeouts.effective import LONGEST_FUNCTION_LIMIT_MS

Json = Mapping[str, typing.Any]

_SECOND_MS = 1_000
_MOVES_BY_ITSELF = ("version", "selfUri")
_SHOWN_BY_URI = {
    "requestTemplate": ("request", "requestTemplateUri"),
    "successTemplate": ("response", "successTemplateUri"),
}


@dataclass(frozen=True, slots=True)
class ActionContent:
    """An Action with its config and contract, the text of its templates by the key under which they are sent back,
    and the Function of a function data action, None for every other (genesys-cloud.md 5).
    """  # noqa: D205 - one sentence, three lines

    document: Json
    templates: Mapping[str, str]
    function: Json | None = None

    @property
    def version(self) -> int:
        """The platform's optimistic lock."""
        return int(self.document["version"])

    @property
    def limit_ms(self) -> int | None:
        """The limit that it sets, in milliseconds; None where it sets none."""
        own_ms = _milliseconds(self.document.get("config", {}))
        if self.function is None:
            return own_ms
        function_ms = _milliseconds(self.function)
        function_ms = LONGEST_FUNCTION_LIMIT_MS if function_ms is None else function_ms
        return function_ms if own_ms is None else min(own_ms, function_ms)

    def with_limit(self, limit_ms: int | None) -> "ActionContent":
        """Give the same content with another limit; None takes it away. `limit_ms` is whole seconds."""
        if self.function is not None:
            return replace(self, function=_with_seconds(self.function, limit_ms))
        return replace(self, document={**self.document, "config": _with_seconds(self.document["config"], limit_ms)})

    def patch(self) -> bytes:
        """Give the body that sends the whole action back, templates included, under its own version.

        What is not sent would be lost: the config replaces the old one whole (genesys-cloud.md 5).
        """
        config = copy.deepcopy(dict(self.document["config"]))
        for key, (part, uri) in _SHOWN_BY_URI.items():
            if key in self.templates:
                config[part].pop(uri)
                config[part][key] = self.templates[key]
        body = {key: self.document[key] for key in ("category", "name", "version") if key in self.document}
        return json.dumps({**body, "config": config}, ensure_ascii=False).encode()

    def put_function(self) -> bytes:
        """Give the body that sends the whole function back."""
        return json.dumps(self.function, ensure_ascii=False).encode()

    def comparable(self) -> bytes:
        """Give all that must not change by itself, as JSON: versions and addresses left out.

        A config may show its function's own limit (open, genesys-cloud.md 5): that moves with the function.
        """
        document = {key: copy.deepcopy(each) for key, each in self.document.items() if key not in _MOVES_BY_ITSELF}
        if self.function is not None and _milliseconds(document.get("config", {})) == _milliseconds(self.function):
            document.get("config", {}).pop("timeoutSeconds", None)
        for part, uri in _SHOWN_BY_URI.values():
            document.get("config", {}).get(part, {}).pop(uri, None)
        return json.dumps(
            {"action": document, "templates": dict(self.templates), "function": self.function}, sort_keys=True
        ).encode()


class ContentComparison(typing.NamedTuple):
    """What differs between the content that was wanted and the one that is there.

    `added`: keys that the server added by itself. `foreign`: everything else, which is not ours.
    """

    added: tuple[Difference, ...]
    foreign: tuple[Difference, ...]


def compare_content(wanted: ActionContent, found: ActionContent) -> ContentComparison:
    """Compare two contents in full."""
    added: list[Difference] = []
    foreign: list[Difference] = []
    for each in find_differences(wanted.comparable(), found.comparable()):
        (added if each.added_key else foreign).append(each.difference)
    return ContentComparison(tuple(added), tuple(foreign))


def is_same(wanted: ActionContent, found: ActionContent) -> bool:
    """Tell whether one content is the other, but for keys that the server added."""
    return not compare_content(wanted, found).foreign


def _milliseconds(holder: Json) -> int | None:
    seconds = holder.get("timeoutSeconds")
    return None if isinstance(seconds, bool) or not isinstance(seconds, int | float) else round(seconds * _SECOND_MS)


def _with_seconds(holder: Json, limit_ms: int | None) -> Json:
    others = {key: each for key, each in holder.items() if key != "timeoutSeconds"}
    return others if limit_ms is None else {**others, "timeoutSeconds": limit_ms // _SECOND_MS}
