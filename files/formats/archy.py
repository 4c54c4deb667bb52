"""Architect flows as Archy YAML: text that people and CX as Code keep, placeholders included (docs/files.md)."""

from files.formats.flow_file import FlowFile, UnreadableFile
from timeouts.definitions import UnreadableDefinition
from timeouts.definitions.archy import NotArchy, read_archy, type_in


def may_be_archy(body: bytes) -> bool:
    """Return whether YAML may be an Architect flow, by a search of its text."""
    return type_in(body) != ""


def read_yaml(body: bytes) -> FlowFile | None:
    """Read an Architect flow; None where it is other YAML. Raises UnreadableFile."""
    try:
        definition = read_archy(body)
    except NotArchy:
        return None
    except UnreadableDefinition as problem:
        raise UnreadableFile(problem.reason) from problem
    return FlowFile(definition.name, definition.type, body, definition, read_archy, pack=bytes)
