"""Integration actions and their limits, from `GET /api/v2/integrations/actions` (docs/platform.md#action-limits)."""

from typing import NamedTuple

from genesys.errors import BadPayload
from genesys.http.problems import detail_lines, for_people
from genesys.parsing.records import Json, as_object, child, number, text
from timeouts.model.action_content import limit_in, unknown_limit_in
from timeouts.model.effective import LONGEST_FUNCTION_LIMIT_MS
from timeouts.model.org import ActionKind, DataAction, says_function
from timeouts.text.bounds import is_deeper, quoted

_DEEPEST = 100
_TEMPLATES = {"requestTemplate": "request", "successTemplate": "response"}


def data_action(found: Json) -> DataAction:
    """Read one Action. Its id must be there (else BadPayload); a limit not shown or of an odd type is unknown."""
    what = f"The action {quoted(found.get('name'))} ({quoted(found.get('id'))})"
    config, kind = found.get("config"), _kind(found, what)
    holder = config if isinstance(config, dict) else {}
    return DataAction(
        id=text(found, "id", what, required=True),
        name=text(found, "name", what),
        category=text(found, "category", what),
        kind=kind,
        limit_ms=limit_in(holder),
        unknown_limit=_unknown_config(config, kind) or unknown_limit_in(holder, "config"),
        version=number(found, "version"),
        secure=found.get("secure") is True,
    )


def _unknown_config(config: object, kind: ActionKind) -> str:
    """Say why the config of an action tells nothing of its limit; '' where it does.

    Without one a custom action may set a limit all the same. The others need none: those of Genesys have no limit that
    we could change, a function has its own, and no step waits for an authentication.
    """
    if config is None:
        return "config is not shown" if kind == "custom" else ""
    return "" if isinstance(config, dict) else f"config is {quoted(config)}"


def _kind(found: Json, what: str) -> ActionKind:
    """Tell what kind an action is: the one place that does. Genesys-owned actions start with `static`."""
    identifier = text(found, "id", what)
    if identifier.startswith("static"):
        return "static"
    if identifier.lower().replace("_", "").startswith("customauth"):  # seen as custom_auth_-_ and customAuth_-_
        return "custom_auth"
    return "function" if says_function(text(found, "category", what)) else "custom"


def action_document(document: Json | None) -> Json:
    """Check a whole Action: its id, version and config must be there. Raises BadPayload."""
    found = as_object(document, "The action")
    what = f"The action {quoted(found.get('name'))}"
    text(found, "id", what, required=True)
    action_version(found)
    if not isinstance(found.get("config"), dict):
        raise BadPayload(f"{what} is not as documented: it has no 'config' that is an object")
    return _walkable(found, what)


def action_version(document: Json | None) -> int:
    """Return the version of an Action. Raises BadPayload."""
    found = as_object(document, "The action")
    version = number(found, "version")
    if version is None:
        raise BadPayload(f"The action is not as documented: 'version' is {quoted(found.get('version'))}, not a number")
    return version


class TemplateFile(NamedTuple):
    """A file with a template of an action. `is_shown`: the action's config names it, so that it is there."""

    name: str
    is_shown: bool


def template_files(document: Json) -> dict[str, TemplateFile]:
    """Return the files in which an action's templates lie, by the key under which they are sent back.

    The config shows them by URI only (docs/platform.md#changing-an-action). One that it does not show is asked for by
    the name that it has in every action: what is not sent back would be lost, and nobody would see it.
    """
    config = child(document, "config", "The action")
    files = {}
    for key, part in _TEMPLATES.items():
        shown = child(config, part, "The action's config")
        uri = text(shown, f"{key}Uri", "The action's config")
        if uri or shown.get(key) is None:
            name = uri.rsplit("/", 1)[-1] if uri else f"{key.lower()}.vm"
            files[key] = TemplateFile(name, is_shown=bool(uri))
    return files


def function_of(document: Json | None) -> Json:
    """Return the Function of a FunctionConfig. Raises BadPayload."""
    found = as_object(as_object(document, "The function's configuration").get("function"), "The function")
    return _walkable(found, "The function")


def _walkable(document: Json, what: str) -> Json:
    """Check that a document can be walked and written back, however deep the stack is by then. Raises BadPayload."""
    if is_deeper(document, _DEEPEST):
        raise BadPayload(f"{what} is nested deeper than the {_DEEPEST} levels that are read")
    return document


def function_limit_ms(function: Json) -> int:
    """Return how long a function may take, in milliseconds: 15 s where it says nothing. Raises BadPayload."""
    unknown = unknown_limit_in(function, "function")
    if unknown:
        raise BadPayload(f"The function is not as documented: {unknown}")
    return limit_in(function) or LONGEST_FUNCTION_LIMIT_MS


def draft_problems(document: Json | None) -> tuple[str, ...]:
    """Read a DraftValidationResult; empty where the draft is valid. Raises BadPayload where it does not say."""
    found = as_object(document, "The validation")
    if not isinstance(found.get("valid"), bool):
        raise BadPayload("The validation is not as documented: it does not say whether the draft is valid")
    if found["valid"]:
        return ()
    return tuple(for_people(line) for line in detail_lines(found.get("errors"))) or ("no reason given",)
