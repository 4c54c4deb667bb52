"""Changes that outlive the process: one small file for each changed record in a directory of the user's choice."""

import base64
import dataclasses
import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simulator.api.errors import Refusal
from simulator.org.actions.content import ActionContent
from simulator.org.actions.records import ActionDraft, ActionRecord, ActionRecords
from simulator.org.ids import Ids
from simulator.org.records import Records
from simulator.org.versions import (
    Actor,
    ArchitectFlowRecord,
    Operation,
    PublishPlan,
    SavedContent,
    SeededContent,
    Version,
)


class StateDirectoryBusy(Exception):  # noqa: N818 - names what is the case
    """Another process works with this directory."""


class StateDirectoryForeign(Exception):  # noqa: N818 - as above
    """The directory holds the changes of another org."""


class StateDirectoryDamaged(Exception):  # noqa: N818 - as above
    """The directory holds what this version cannot read: half a file after a power cut, or that of another version."""


class Store:
    """A state directory. `identity` names the org that it belongs to: its kind, seed and size.

    Raises StateDirectoryBusy when another process has it, StateDirectoryForeign when it is another org's, and
    StateDirectoryDamaged when it cannot be read, as `load` does.
    """

    def __init__(self, directory: Path, identity: str) -> None:
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = (directory / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise StateDirectoryBusy(
                f"{directory} is in use by another simulator; wait for its end, stop it or choose another --state."
            ) from None
        self._claim(identity)

    def _claim(self, identity: str) -> None:
        path = self._directory / "org.json"
        if not path.exists():
            _write(path, {"org": identity})
            return
        with self._reading():
            found = json.loads(path.read_text())["org"]
        if found != identity:
            self.close()
            raise StateDirectoryForeign(
                f"{self._directory} holds changes of the org {found!r}, not of {identity!r}; choose another --state."
            )

    def close(self) -> None:
        """Let another process have the directory."""
        self._lock.close()

    def load(self, records: Records, actions: ActionRecords, ids: Ids) -> None:
        """Put back what an earlier process changed."""
        with self._reading():
            for path in sorted(self._directory.glob("architect-flow-*.json")):
                values = json.loads(path.read_text())
                records.put(_architect_flow(records, values))
            for path in sorted(self._directory.glob("action-*.json")):
                values = json.loads(path.read_text())
                actions.put(_action(actions, values))
            counts = self._directory / "ids.json"
            if counts.exists():
                ids.resume(json.loads(counts.read_text()))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, LookupError, TypeError, AttributeError, Refusal) as problem:
            self.close()
            raise StateDirectoryDamaged(
                f"{self._directory} cannot be read ({problem}); delete it, and the org begins anew."
            ) from None

    def save(self, records: Records, actions: ActionRecords, ids: Ids) -> None:
        """Write what changed since the last time, each record whole or not at all."""
        changed = False
        for record in records:
            if record.unsaved:
                _write(self._directory / f"architect-flow-{record.id}.json", _architect_flow_values(record))
                record.unsaved, changed = False, True
        for action in actions:
            if action.unsaved:
                _write(self._directory / f"action-{action.id}.json", _action_values(action))
                action.unsaved, changed = False, True
        if changed:
            _write(self._directory / "ids.json", ids.given)

    def clear(self) -> None:
        """Forget all changes."""
        for pattern in ("architect-flow-*.json", "action-*.json", "ids.json"):
            for path in self._directory.glob(pattern):
                path.unlink()


def _write(path: Path, values: Any) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(values, default=_plain))
    temporary.replace(path)


def _architect_flow_values(record: ArchitectFlowRecord) -> dict[str, Any]:
    operation = record.operation
    return _fields(record) | {
        "id": record.id,
        "published": record.published and record.published.id,
        "operation": operation and {**_fields(operation), "target": operation.target and operation.target.id},
    }


def _action_values(action: ActionRecord) -> dict[str, Any]:
    return {"id": action.id, **_fields(action)}


def _fields(record: Any) -> dict[str, Any]:
    """Return what is kept of a dataclass, by field: neither the seed, nor whether it differs from that."""
    names = (one.name for one in dataclasses.fields(record))
    return {name: getattr(record, name) for name in names if name not in ("seed", "touched", "unsaved")}


def _plain(value: Any) -> dict[str, Any]:
    """Return what JSON can say of a value inside a record: a generated content by its label, another by its bytes."""
    match value:
        case SeededContent():
            return {"seeded": value.label}
        case SavedContent():
            return {"base64": base64.b64encode(value.raw).decode()}
        case _:
            return _fields(value)


def _architect_flow(records: Records, values: dict[str, Any]) -> ArchitectFlowRecord:
    seed = records.find(values["id"], deleted=True).seed
    record = ArchitectFlowRecord(seed, values["name"], values["description"], values["division_id"], touched=True)
    record.deleted = values["deleted"]
    record.active = values.get("active", True)
    record.flow_data_version = values["flow_data_version"]
    record.committed = [_version(records, record, one) for one in values["committed"]]
    record.saved = values["saved"] and _version(records, record, values["saved"])
    record.published = values["published"] and record.version(values["published"])
    record.lock = _actor(values["lock"])
    if values["operation"]:
        record.operation = _operation(record, values["operation"])
    return record


def _version(records: Records, record: ArchitectFlowRecord, values: dict[str, Any]) -> Version:
    content = values["content"]
    values["content"] = (
        records.content(record.seed, content["seeded"])
        if "seeded" in content
        else SavedContent(base64.b64decode(content["base64"]))
    )
    values["by"] = Actor(**values["by"])
    values["published_by"] = _actor(values["published_by"])
    return Version(**values)


def _operation(record: ArchitectFlowRecord, values: dict[str, Any]) -> Operation:
    details = tuple(tuple(one) for one in values["plan"]["error_details"])
    values["plan"] = PublishPlan(**{**values["plan"], "error_details": details})
    values["by"] = Actor(**values["by"])
    values["target"] = values["target"] and record.version(values["target"])
    return Operation(**values)


def _action(actions: ActionRecords, values: dict[str, Any]) -> ActionRecord:
    seed = actions.find(values["id"]).seed
    content, draft = ActionContent(**values["content"]), values["draft"]
    if draft is not None:
        draft = ActionDraft(**{**draft, "content": ActionContent(**draft["content"])})
    limits = tuple((at_ms, limit_ms) for at_ms, limit_ms in values.get("limits", ()))
    return ActionRecord(seed, content, values["version"], draft, values["deleted"], limits, touched=True)


def _actor(values: dict[str, Any] | None) -> Actor | None:
    return None if values is None else Actor(**values)
