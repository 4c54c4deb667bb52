"""Architect configurations as JSON: as the API serves them, or as people have written them out."""

import codecs
import re
from collections.abc import Callable

from files.formats.flow_file import FlowFile, UnreadableFile
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.definitions.spans import ObjectSpan, blanks_end, read_object, read_value, skip_value
from timeouts.text.bounds import MOST_VALUES, has_too_many_values

_SEQUENCES = "flowSequenceItemList"
_LIST = re.compile(rf'"{_SEQUENCES}"\s*:\s*\['.encode())
"""The key as a configuration has it; in a schema no list follows it, and within a text its quotes are escaped."""


def may_be_configuration(body: bytes) -> bool:
    """Return whether JSON may be a configuration, by a search of its text."""
    return f'"{_SEQUENCES}"'.encode() in body


def read_configuration(body: bytes) -> FlowFile | None:
    """Read a file that is a configuration, with or without a byte order mark, which is kept.

    None where it is JSON without a list of sequences. Raises UnreadableFile, also where that stands below the top.
    """
    mark, document = split_mark(body)
    top = top_of(document)
    if top is not None and top.find(_SEQUENCES) is None:
        if _LIST.search(document):
            raise UnreadableFile("it holds a configuration below its top, which is not read: keep that alone in a file")
        return None
    return flow_file(document, pack=lambda edited: mark + edited)


def refuse_too_many_values(document: bytes) -> None:
    """Raise UnreadableFile for JSON that would take gigabytes to read."""
    if has_too_many_values(document):
        raise UnreadableFile(f"it holds more than {MOST_VALUES:,} values")


def flow_file(document: bytes, *, pack: Callable[[bytes], bytes], unwritable: str = "") -> FlowFile:
    """Read a configuration, whatever it was packed in. Raises UnreadableFile."""
    refuse_too_many_values(document)
    try:
        definition = read_definition(document)
    except UnreadableDefinition as problem:
        raise UnreadableFile(problem.reason) from problem
    top = top_of(document)
    assert top is not None, "a definition is an object"
    name, flow_type = top.text("name"), top.text("type").lower()
    return FlowFile(name, flow_type, document, definition, read_definition, pack, unwritable)


def split_mark(body: bytes) -> tuple[bytes, bytes]:
    """Split the byte order mark from JSON; empty where there is none."""
    mark = codecs.BOM_UTF8 if body.startswith(codecs.BOM_UTF8) else b""
    return mark, body[len(mark) :]


def top_of(document: bytes) -> ObjectSpan | None:
    """Return the object at the top of JSON, with the texts of its `name` and `type`; None where it is not read."""
    try:
        text = document.decode()
        at = blanks_end(text, 0)
        readers = {"name": read_value, "type": read_value}
        return read_object(text, at, readers, otherwise=skip_value) if text[at : at + 1] == "{" else None
    except (ValueError, RecursionError):
        return None
