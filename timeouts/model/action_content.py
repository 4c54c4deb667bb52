"""The whole of one action as the platform serves it, and what another limit makes of it: nothing else may differ."""

import hashlib
import json
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from timeouts.model.durations import SECOND_MS
from timeouts.model.effective import LONGEST_FUNCTION_LIMIT_MS
from timeouts.text.bounds import quoted

Json = Mapping[str, typing.Any]

_MOST_SECONDS = 10**6
_SECRET = 8
"""No shorter text is taken for a secret."""

_LIMIT = "timeoutSeconds"
_CONFIG_LIMIT = f"action.config.{_LIMIT}"
_SHOWN_BY_URI = {
    "requestTemplate": ("request", "requestTemplateUri"),
    "successTemplate": ("response", "successTemplateUri"),
}
_MOVES_BY_ITSELF = frozenset(
    {
        "action.version",
        "action.selfUri",
        *(f"action.config.{part}.{uri}" for part, uri in _SHOWN_BY_URI.values()),
        "action.contract.input.inputSchemaUri",
        "action.contract.output.successSchemaUri",
        "action.contract.output.errorSchemaUri",
        "function.id",
        "function.name",
        "function.dateCreated",
    }
)
"""What the server numbers, names, dates and addresses, a draft otherwise than what is live."""

_FUNCTION_URL = "action.config.request.requestUrlTemplate"
"""Of a function data action the server sets it when a draft is made (docs/platform.md#function-actions)."""

_FREE = (
    "action.config.request.headers",
    "action.config.response.translationMap",
    "action.config.response.translationMapDefaults",
    "action.contract.input.inputSchema",
    "action.contract.output.successSchema",
    "action.contract.output.errorSchema",
)
"""Objects whose keys are people's, so that null says something in them; every other key is the platform's."""

_FREE_BEGINNINGS = tuple(f"{path}{mark}" for path in _FREE for mark in ".[")

_PEOPLES_OWN = (
    _CONFIG_LIMIT,
    "action.config.request.requestUrlTemplate",
    "action.config.request.requestType",
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
    and the Function of a function data action, None for every other (docs/platform.md#function-actions).
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
        own_ms = limit_in(self.document["config"])
        if self.function is None:
            return own_ms
        function_ms = _function_ms(self.function)
        return function_ms if own_ms is None else min(own_ms, function_ms)

    def has_limit(self, limit_ms: int | None) -> bool:
        """Return whether it sets that limit; to a function no limit is 15 s. What is not understood is no limit."""
        if any(unknown_limit_in(each, "") for each in (self.document["config"], self.function or {})):
            return False
        return self.limit_ms == (limit_ms if self.function is None else _of_function(limit_ms))

    def with_limit(self, limit_ms: int | None) -> "ActionContent":
        """Return the same content with another limit; None takes it away. `limit_ms` is whole seconds.

        A config may show its function's own limit (open, docs/platform.md#function-actions): that moves with the
        function.
        """
        if self.function is None:
            return self._with_config_limit(limit_ms)
        moved = self._with_config_limit(_of_function(limit_ms)) if self._shows_function_limit else self
        return replace(moved, function=_with_seconds(self.function, _of_function(limit_ms)))

    def patch(self) -> bytes:
        """Return the body that sends the whole action back, templates included, under its own version.

        What is not sent would be lost: the config replaces the old one whole (docs/platform.md#changing-an-action).
        """
        config = dict(self.document["config"])
        for key, (part, uri) in _SHOWN_BY_URI.items():
            if key in self.templates:
                shown = {**(config.get(part) or {}), uri: self.templates[key]}
                config[part] = {key if name == uri else name: each for name, each in shown.items() if name != key}
        body = {key: self.document[key] for key in ("category", "name", "version") if key in self.document}
        return _encoded({**body, "config": config})

    def put_function(self) -> bytes:
        """Return the body that sends the whole function back."""
        return _encoded(self.function)

    def fingerprints(self) -> dict[str, str]:
        """Return a hash for each value that must not change by itself, by path; never a value: headers hold secrets.

        Left out are versions, dates, names and addresses of the server's, a limit that the config only shows of its
        function, one that is shown as not set, and keys of the platform's that are null.
        """
        config = self.document["config"]
        shown = _with_seconds(config, None) if self._shows_function_limit else _without_unset(config)
        whole = {
            "action": {**self.document, "config": shown},
            "templates": self.templates,
            "function": None if self.function is None else _without_unset(self.function),
        }
        left_out = _MOVES_BY_ITSELF if self.function is None else _MOVES_BY_ITSELF | {_FUNCTION_URL}
        return {path: _hash(value) for path, value in _leaves(whole) if path not in left_out}

    def secrets(self) -> frozenset[str]:
        """Return the words of the request's headers that may be secrets, for whoever must not repeat them."""
        headers = (self.document["config"].get("request") or {}).get("headers")
        values = headers.values() if isinstance(headers, Mapping) else ()
        return frozenset(word for value in values for word in str(value).split() if len(word) >= _SECRET)

    @property
    def _shows_function_limit(self) -> bool:
        return self.function is not None and limit_in(self.document["config"]) == _function_ms(self.function)

    def _with_config_limit(self, limit_ms: int | None) -> "ActionContent":
        return replace(self, document={**self.document, "config": _with_seconds(self.document["config"], limit_ms)})


class ContentComparison(typing.NamedTuple):
    """Where what is there differs from what was wanted, by path.

    `added`: what the server adds by itself. `foreign`: everything else, which is not ours.
    """

    added: tuple[str, ...]
    foreign: tuple[str, ...]


def compare_contents(wanted: Mapping[str, str], found: Mapping[str, str]) -> ContentComparison:
    """Compare the fingerprints of two contents in full."""
    new = {path for path in found if path not in wanted and not path.startswith(_PEOPLES_OWN)}
    filled = {path for path in wanted if any(each.startswith((f"{path}.", f"{path}[")) for each in new)}
    others = (set(wanted) | set(found)) - new - filled
    foreign = {path for path in others if wanted.get(path) != found.get(path)}
    return ContentComparison(tuple(sorted(new)), tuple(sorted(foreign)))


def limit_in(holder: Json) -> int | None:
    """Return `timeoutSeconds` of a config or a function in milliseconds; None where it is no number of seconds."""
    seconds = holder.get(_LIMIT)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < _MOST_SECONDS:
        return None
    return round(seconds * SECOND_MS)


def unknown_limit_in(holder: Json, name: str) -> str:
    """Return why the limit that a config or a function sets is not known; '' where it is, and where none is set.

    `name`: what the holder is called. 0 is none.
    """
    seconds = holder.get(_LIMIT)
    is_unset = seconds is None or (seconds == 0 and seconds is not False)
    return "" if is_unset or limit_in(holder) is not None else f"{name}.{_LIMIT} is {quoted(seconds)}"


def _function_ms(function: Json) -> int:
    return _of_function(limit_in(function))


def _of_function(limit_ms: int | None) -> int:
    """Take 15 s for a function that says nothing of its own (docs/platform.md#function-actions)."""
    return LONGEST_FUNCTION_LIMIT_MS if limit_ms is None else limit_ms


def _with_seconds(holder: Json, limit_ms: int | None) -> Json:
    """Return the same object with another `timeoutSeconds`, which keeps its place among the keys."""
    if limit_ms is not None:
        return {**holder, _LIMIT: limit_ms // SECOND_MS}
    return {key: each for key, each in holder.items() if key != _LIMIT}


def _without_unset(holder: Json) -> Json:
    """Return it without a limit that is null or 0, which is none (open: docs/platform.md#open-actions)."""
    is_set = limit_in(holder) is not None or unknown_limit_in(holder, "")
    return holder if is_set else _with_seconds(holder, None)


def _leaves(value: typing.Any, path: str = "") -> Iterator[tuple[str, typing.Any]]:
    """Walk to every value that holds no others, and every empty object or list; a null of the platform's is nothing."""
    if not value or not isinstance(value, Mapping | list):
        yield path, value
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _leaves(below, f"{path}[{index}]")
    else:
        is_free = path.startswith(_FREE_BEGINNINGS) or path in _FREE
        for key, below in value.items():
            if below is not None or is_free:
                yield from _leaves(below, _below(path, key))


def _below(path: str, key: str) -> str:
    """Name an entry of an object; a key that would read like a path is quoted."""
    if set(key) & set('.[]"'):
        return f"{path}[{json.dumps(key)}]"
    return f"{path}.{key}" if path else key


def _hash(value: typing.Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def _encoded(value: typing.Any) -> bytes:
    """Write JSON as UTF-8; half of a surrogate pair, which UTF-8 cannot say, as the escape that it came as."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
