"""How several names, a number of things, or a place in a document, stand in a sentence."""

from collections.abc import Iterable, Sequence


def first_few(names: Sequence[str], most: int, separator: str = ", ") -> str:
    """Name the first ones, and say how many more there are."""
    left = len(names) - most
    return separator.join(names[:most]) + (f" and {left:,} more" if left > 0 else "")


def number_of(count: int, what: str, several: str = "") -> str:
    """Return a number of things, such as `1 step` and `3 steps`; `several`: their plural, where it takes no s."""
    return f"{count} {what}" if count == 1 else f"{count} {several or f'{what}s'}"


def dotted(path: Iterable[str | int]) -> str:
    """Write a place in a document as people do: `rules[3].match`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")
