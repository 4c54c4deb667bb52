"""Telling apart what an org lists under one name."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from timeouts.model.org import Listed
from timeouts.text.folding import folded

Named = TypeVar("Named", bound=Listed)


def told_apart(listed: Sequence[Named], kind_of: Callable[[Named], str]) -> tuple[Named, ...]:
    """Return what is listed with what tells it from others of its name: what it is, else its id.

    It is the id, too, where the label with what it is would be what another one is called: options and policies go by
    both, so that whoever names the one would have named the other, too.
    """
    names = Counter(each.name for each in listed)
    if len(names) == len(listed):
        return tuple(listed)
    kinds = Counter((each.name, kind_of(each)) for each in listed)

    def by(each: Named) -> str:
        if names[each.name] == 1 or each.name == each.id:
            return ""
        kind = kind_of(each)
        return kind if kind and kinds[each.name, kind] == 1 else each.id

    labelled = [_told_apart_by(each, by(each)) for each in listed]
    called = Counter(name for each in labelled for name in {folded(each.name), folded(each.label)})

    def is_clear(each: Named) -> bool:
        return not each.told_apart_by or called[folded(each.label)] == 1

    return tuple(each if is_clear(each) else _told_apart_by(each, each.id) for each in labelled)


def _told_apart_by(each: Named, by: str) -> Named:
    return each.model_copy(update={"told_apart_by": by}) if by else each
