"""Labels of versions: opaque texts, mostly numbers that each check-in raises by one (docs/platform.md#versions)."""


def is_next(before: str | None, after: str) -> bool:
    """Return whether `after` follows `before` by one; labels that are no numbers need only differ."""
    try:
        return float(after) - float(before or 0) == 1
    except ValueError:
        return before != after


def is_before(label: str | None, known: str | None) -> bool:
    """Return whether `label` is older than `known`, None older than any; of labels that are no numbers none is."""
    if known is None:
        return False
    try:
        return label is None or float(label) < float(known)
    except ValueError:
        return False


def next_label(before: str | None) -> str | None:
    """Return the label that the version after `before` has, None where that cannot be said."""
    try:
        return f"{float(before or 0) + 1:.1f}"
    except ValueError:
        return None
