"""How several names, or a place in a document, stand in a sentence."""

from collections.abc import Iterable


def dotted(path: Iterable[str | int]) -> str:
    """Write a place in a document as people do: `rules[3].match`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")
