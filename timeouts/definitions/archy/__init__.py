"""Archy YAML: Architect flows as text files, their steps read and edited in place (docs/platform.md#yaml-timeouts)."""

from timeouts.definitions.archy.definition import ArchyDefinition
from timeouts.definitions.archy.reading import NotArchy, read_archy, type_in

__all__ = ["ArchyDefinition", "NotArchy", "read_archy", "type_in"]
