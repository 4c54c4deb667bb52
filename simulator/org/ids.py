"""Every id that the org makes up comes from here, and from one seed."""

import uuid
from collections import Counter


class Ids:
    """A repeatable source of GUIDs: the n-th id of a kind is always the same for the same org."""

    def __init__(self, seed: str) -> None:
        self._namespace = uuid.uuid5(uuid.NAMESPACE_URL, seed)
        self._given: Counter[str] = Counter()

    def new(self, kind: str) -> str:
        """Make the next id of a kind; kinds count apart, so that one more request does not shift all operations."""
        self._given[kind] += 1
        return str(uuid.uuid5(self._namespace, f"{kind}/{self._given[kind]}"))

    @property
    def given(self) -> dict[str, int]:
        """How many ids of each kind were made: what a restarted process needs to make none twice."""
        return dict(self._given)

    def resume(self, given: dict[str, int]) -> None:
        """Go on after the ids that an earlier process made."""
        self._given = Counter(given)

    def reset(self) -> None:
        """Start again with the first of each kind."""
        self._given.clear()
