"""What our own runs wrote in an org: which runs, and which of them published the latest of our versions.

The platform shows the name of the OAuth client that published, and an audit may use another client than a raise: only
we know. A run that wrote nothing is refused a roll back, and this says which run is to be rolled back instead.
One file an org, bounded by the number of runs and by what the org holds.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from tasks.storage.results import ResultStorage
from tasks.storage.stored import Stored, name_of
from timeouts.model.values import Value
from timeouts.planning.outcomes import Outcome

_MOST_RUNS = 500

SCHEMA_VERSION: Literal[2] = 2


class OurRun(Value):
    """A run that was about to write. `plan`: the checksum of what it published; `began_ms`: since 1970."""

    id: str
    name: str
    kind: str
    plan: str
    began_ms: int


class OurVersion(NamedTuple):
    """A version of an Architect flow or of an action that a run of ours published."""

    version: str
    run_id: str
    run_name: str


class _Ours(Value):
    schema_version: Literal[2] = SCHEMA_VERSION
    runs: tuple[OurRun, ...] = ()
    versions: Mapping[str, OurVersion] = {}


class OurVersions:
    """What our runs wrote in one org. Only one run at a time applies to an org, so only one writes here."""

    def __init__(self, storage: ResultStorage, org_key: str) -> None:
        self._stored: Stored[_Ours] = Stored(storage, name_of("ours", org_key), _Ours)

    def runs(self) -> dict[tuple[str, str], str]:
        """Return the names of our runs, by the id of what they published and the version."""
        return {(key, ours.version): ours.run_name for key, ours in self._known().versions.items()}

    def latest(self) -> Mapping[str, OurVersion]:
        """Return the latest version of ours, by the id of the Architect flow or action."""
        return self._known().versions

    def of_plan(self, checksum: str) -> list[OurRun]:
        """Return the runs that were about to publish a plan, the latest one first."""
        return [run for run in reversed(self._known().runs) if run.plan == checksum]

    def since(self, from_ms: int) -> list[OurRun]:
        """Return the runs that were about to write at a moment or later, the first one first."""
        return [run for run in self._known().runs if run.began_ms >= from_ms]

    def mark(self) -> str:
        """Return what is another text once a run of ours was about to write, or has published; '' where none did."""
        found = self._stored.get()
        return "" if found is None else hashlib.sha256(found.to_json()).hexdigest()

    def begin(self, run: OurRun) -> None:
        """Remember a run before its first write. Raises OSError where that cannot be stored beside the others."""
        stored = self._stored.find_to_change() or _Ours()
        others = tuple(each for each in stored.runs if each.id != run.id)
        self._stored.put(stored.model_copy(update={"runs": (*others, run)[-_MOST_RUNS:]}))

    def add(self, run: OurRun, outcomes: Iterable[Outcome]) -> None:
        """Remember what a run published. Raises OSError where that cannot be stored beside the rest."""
        published = {
            each.target.id: OurVersion(each.version_after, run.id, run.name)
            for each in outcomes
            if each.outcome == "published" and each.version_after is not None
        }
        if published:
            stored = self._stored.find_to_change() or _Ours()
            # A run that was let in beside this one may have written over that it began.
            runs = stored.runs if any(each.id == run.id for each in stored.runs) else (*stored.runs, run)
            self._stored.put(
                stored.model_copy(update={"runs": runs[-_MOST_RUNS:], "versions": {**stored.versions, **published}})
            )

    def _known(self) -> _Ours:
        """Return what is stored; what is damaged or cannot be read counts as none, and others tell by their names."""
        return self._stored.get() or _Ours()
