"""The whole of one action as the platform serves it, and what another limit makes of it: nothing else may differ."""

import copy
import hashlib
import json
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from timeouts.effective import LONGEST_FUNCTION_LIMIT_MS

Json = Mapping[str, typing.Any]

_SECOND_MS = 1_000
_MOVES_BY_ITSELF = ("version", "selfUri")
_SHOWN_BY_URI = {
    "requestTemplate": ("request", "requestTemplateUri"),
    "successTemplate": ("response", "successTemplateUri"),
}
_PEOPLES_OWN = (
    "action.config.request.headers",
    "action.config.response.translationMap",
    "action.contract",
    "templates",
    "function",
)
"""Where nothing but people's work stands: what is new there is no addition of the server's."""


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

    def fingerprints(self) -> dict[str, str]:
        """Give a hash for each value that must not change by itself, by its path.

        Hashes, because headers may hold secrets; versions and addresses are left out. A config may show its function's
        own limit (open, genesys-cloud.md 5): that moves with the function.
        """
        document = {key: copy.deepcopy(each) for key, each in self.document.items() if key not in _MOVES_BY_ITSELF}
        config = document.get("config", {})
        for part, uri in _SHOWN_BY_URI.values():
            config.get(part, {}).pop(uri, None)
        if self.function is not None and _milliseconds(config) == _milliseconds(self.function):
            config.pop("timeoutSeconds", None)
        whole = {"action": document, "templates": dict(self.templates), "function": self.function}
        return {path: _hash(value) for path, value in _leaves(whole)}


class ContentComparison(typing.NamedTuple):
    """Where what is there differs from what was wanted, by path.

    `added`: what the server adds by itself. `foreign`: everything else, which is not ours.
    """

    added: tuple[str, ...]
    foreign: tuple[str, ...]


def compare_contents(wanted: Mapping[str, str], found: Mapping[str, str]) -> ContentComparison:
    """Compare the fingerprints of two contents in full."""
    new = {path for path in found if path not in wanted and not path.startswith(_PEOPLES_OWN)}
    emptied = {path for path in wanted if any(path == each.rpartition(".")[0] for each in new)}
    others = (set(wanted) | set(found)) - new - emptied
    foreign = {path for path in others if wanted.get(path) != found.get(path)}
    return ContentComparison(tuple(sorted(new)), tuple(sorted(foreign)))


def _leaves(value: typing.Any, path: str = "") -> Iterator[tuple[str, typing.Any]]:
    """Walk to every value that holds no others, and every empty object or list."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not items:
        yield path, value
    for key, below in items:
        yield from _leaves(below, f"{path}.{key}" if path else str(key))


def _hash(value: typing.Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _milliseconds(holder: Json) -> int | None:
    seconds = holder.get("timeoutSeconds")
    return None if isinstance(seconds, bool) or not isinstance(seconds, int | float) else round(seconds * _SECOND_MS)


def _with_seconds(holder: Json, limit_ms: int | None) -> Json:
    """Give the same object with another `timeoutSeconds`, which keeps its place among the keys."""
    if limit_ms is not None:
        return {**holder, "timeoutSeconds": limit_ms // _SECOND_MS}
    return {key: each for key, each in holder.items() if key != "timeoutSeconds"}
