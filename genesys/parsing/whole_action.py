"""Reading a whole action, live or as a draft: its parts come one by one, and those of two versions make no action."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from genesys.errors import BadPayload, Gone, NotFound
from genesys.http.payload import Accepted
from genesys.parsing.actions import action_document, data_action, function_of, template_files
from genesys.parsing.records import Json, asked_for
from genesys.routes import path_part
from timeouts.model.action_content import ActionContent
from timeouts.text.bounds import quoted

_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Parts:
    """How each part of an action is asked for; `template` takes the name of a file."""

    action_id: str
    document: Callable[[], Accepted]
    template: Callable[[str], Accepted]
    function: Callable[[], Accepted]


def read_whole(parts: Parts) -> ActionContent:
    """Read templates and function between two looks at the document, until those agree.

    Raises NotFound where the document is not there, and BadPayload where a part is missing or it changes all the time.
    """
    document = _document(parts)
    for _ in range(_LOOKS):
        content = _between(document, parts)
        again = _document(parts)
        if again == document:
            return content
        document = again
    raise BadPayload(f"The action {quoted(document.get('name'))} was changed each time that it was read")


def _document(parts: Parts) -> Json:
    return action_document(asked_for(parts.action_id, parts.document().document))


def _between(document: Json, parts: Parts) -> ActionContent:
    is_function = data_action(document).kind == "function"
    try:
        return ActionContent(
            document=document,
            templates=dict(_templates(document, parts.template)),
            function=function_of(parts.function().document) if is_function else None,
        )
    except (NotFound, Gone) as missing:
        parts.document()  # where it is gone as a whole, that is what has to be told
        raise BadPayload(f"The action {quoted(document.get('name'))} lacks a part: {missing}") from None


def _templates(document: Json, template: Callable[[str], Accepted]) -> Iterator[tuple[str, str]]:
    """Yield key and text of each; one that nothing shows, and that does not come to be found in time, is none."""
    for key, file in template_files(document).items():
        try:
            yield key, _text(template, path_part(file.name, "the name of a template"))
        except NotFound:
            if file.is_shown:
                raise


def _text(template: Callable[[str], Accepted], name: str) -> str:
    """Read a text; one that comes empty is read once more, for an empty template would be sent back as such."""
    return (template(name).body or template(name).body).decode("utf-8")
