"""The Architect flows of the org: built from the seed, put back to it cheaply."""

from collections.abc import Iterator
from typing import Literal

from simulator.api.errors import Refusal
from simulator.org.clock import START_MS
from simulator.org.ids import Ids
from simulator.org.seeds import ArchitectFlowSeed, ClientSeed, OrgSeed, PersonSeed
from simulator.org.versions import Actor, ArchitectFlowRecord, SeededContent, Version

_DAY_MS = 86_400_000


class Records:
    """All Architect flows by id. Only those that were touched are built anew by `reset`.

    `keeps`: configurations that were served stay in memory.
    """

    def __init__(self, seed: OrgSeed, *, keeps: bool = False) -> None:
        self._keeps = keeps
        self._nobody = seed.people[0] if seed.people else PersonSeed("system", "System")
        self._contents: dict[tuple[str, str], SeededContent] = {}
        self._by_id = {one.id: self._built(one) for one in seed.architect_flows}

    def __iter__(self) -> Iterator[ArchitectFlowRecord]:
        return iter(self._by_id.values())

    def find(self, architect_flow_id: str, *, deleted: bool = False) -> ArchitectFlowRecord:
        """Return one Architect flow.

        Raises Refusal 404 for an unknown one and 410 for a deleted one, unless `deleted` asks for those too.
        """
        record = self._by_id.get(architect_flow_id)
        if record is None:
            raise Refusal(
                404,
                "architect.flow.not.found",
                "Could not find a flow with ID '{flowId}'.",
                params={"flowId": architect_flow_id},
                entity_id=architect_flow_id,
            )
        if record.deleted and not deleted:
            raise record.refusal(410, "architect.flow.deleted", "The flow '{flowName}' has been deleted.")
        return record

    def get(self, architect_flow_id: str) -> ArchitectFlowRecord | None:
        """Return one Architect flow, deleted or not; None where there never was one."""
        return self._by_id.get(architect_flow_id)

    def put(self, record: ArchitectFlowRecord) -> None:
        """Replace one Architect flow, as an earlier process left it."""
        self._by_id[record.id] = record

    def content(self, seed: ArchitectFlowSeed, label: str) -> SeededContent:
        """Return a generated content; the same one each time, so that its digest is worked out once."""
        key = (seed.id, label)
        if key not in self._contents:
            self._contents[key] = SeededContent(seed, label, self._keeps)
        return self._contents[key]

    def reset(self) -> None:
        """Put back what was touched."""
        for architect_flow_id, record in self._by_id.items():
            if record.touched:
                self._by_id[architect_flow_id] = self._built(record.seed)

    def _built(self, seed: ArchitectFlowSeed) -> ArchitectFlowRecord:
        record = ArchitectFlowRecord(seed, seed.name, seed.description, seed.division_id)
        publisher = actor_of(seed.published_by or self._nobody)
        age = len(seed.published_versions)
        for index, label in enumerate(seed.published_versions):
            at = START_MS - (age - index) * _DAY_MS
            content = self.content(seed, label)
            record.committed.append(
                Version(label, label, content, publisher, "PUBLISH", at, at, at, publisher, publications=1)
            )
        record.published = record.committed[-1] if record.committed else None
        self._add_draft(record, actor_of(seed.drafted_by or seed.locked_by or self._nobody))
        if seed.locked_by is not None:
            record.lock = actor_of(seed.locked_by)
        return record

    def _add_draft(self, record: ArchitectFlowRecord, author: Actor) -> None:
        at = START_MS - _DAY_MS // 2
        if record.seed.draft == "none":
            return
        content = self.content(record.seed, "draft")
        if record.seed.draft == "checked_in":
            label = record.next_label()
            record.committed.append(Version(label, label, content, author, "CHECKIN", at, at))
            return
        name = Ids(f"draft of {record.id}").new("saved_version")
        record.saved = Version(f"saved_version_{name}", name, content, author, "SAVE", at)
        if record.published is not None:
            record.lock = author


def actor_of(somebody: PersonSeed | ClientSeed) -> Actor:
    """Let a person or an OAuth client of the seed act."""
    kind: Literal["person", "client"] = "person" if isinstance(somebody, PersonSeed) else "client"
    return Actor(kind, somebody.id, somebody.name)
