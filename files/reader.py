"""Folders of files as an org: what they hold, and what a change makes of a file; nothing is written here."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from files.contents import hash_of, read_file, reason_of
from files.errors import FileChanged, FileRefused, FilesError
from files.folders import Folders
from files.formats.action_file import ActionFile
from files.formats.flow_file import FlowFile, UnreadableFile
from files.formats.reading import read_actions, read_flow
from files.identity import organization_of
from files.joining import Joining
from files.listing import ListedAction, Listing, fingerprint_of, list_files, version_of
from files.proof import is_as_edited, prove_limit, prove_steps
from files.replacing import obstacle_to_writing
from files.undoing.guard import GitGuard
from files.undoing.memory import KeptLimit, LimitTexts
from files.walking import FoundFile, Walk, walk
from timeouts.definitions import EditRefusedError
from timeouts.inventory import Inventory
from timeouts.model.effective import limit_of
from timeouts.model.org import ArchitectFlow, Organization
from timeouts.model.request_figures import RequestCounts
from timeouts.model.step_edits import RawTimeout, Restore, StepEdit
from timeouts.model.steps import Reading, is_place
from timeouts.text.visible import one_line

Parsed = TypeVar("Parsed", FlowFile, ActionFile)


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a file holds before and after a change that was proved. `shown`: its path as people read it.

    `limit`: the limit of an action that is changed, and how it is written before; None where steps are.
    """

    path: Path
    shown: str
    before: bytes
    after: bytes
    limit: KeptLimit | None = None

    @property
    def is_there(self) -> bool:
        """Whether the file says already what it is to say, and stays as it is."""
        return self.before == self.after


class FilesReader:
    """Folders of files, read as an org is; safe for many threads.

    What was listed is kept for `read`, so that a run reads every file once; a change of ours shows in the next listing.
    Raises FilesError where folders cannot be used, FileChanged and FileRefused where one file cannot be changed.
    """

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._lock = threading.RLock()
        self._listing: Listing | None = None
        self._joining = Joining({}, {})  # of the listing: a change of ours leaves names as they are
        self._earlier: dict[Path, set[str]] = {}  # hashes that a file had before each change of ours
        self._latest: dict[Path, str] = {}

    def organization(self) -> Organization:
        """Return the org that the folders stand for."""
        return organization_of(self._folders)

    def listing(self) -> Inventory:
        """Read all files anew, and return the Architect flows and actions in them, without readings."""
        with self._lock:
            self._listing = listed = list_files(self._walk(), self._body)
            self._joining = listed.joining()
        return Inventory(
            organization=self.organization(),
            architect_flows=tuple(each.architect_flow for each in listed.flows.values()),
            actions=tuple(each.listed for each in listed.actions.values()),
            limits_elsewhere=True,
            unjoined_actions=tuple(action.listed(action_id, None) for action_id, action in listed.computed.items()),
            notes=listed.what_was_not_read,
            remarks=listed.remarks,
        )

    def read(self, architect_flow: ArchitectFlow) -> Reading:
        """Return what was read of an Architect flow; its steps name the actions of the listing where they are told."""
        with self._lock:
            listed = self._listed()
            found = listed.flows.get(architect_flow.id)
            if found is None:
                return Reading(architect_flow_id=architect_flow.id, coverage="not_read", reason="its file is gone")
            return self._joining.joined(found.reading)

    def with_edits(
        self,
        architect_flow_id: str,
        fingerprint: str,
        edits: Mapping[str, StepEdit],
        originals: Mapping[str, RawTimeout] | None = None,
    ) -> FileChange:
        """Return what edits of steps make of the file of an Architect flow, proved; it stays where it says so already.

        `originals`: by step id, what the plan found written there, None where there was no time in between.
        Raises FileChanged where the file is no longer that of the fingerprint, FileRefused where it cannot be edited.
        """
        file, body = self._flow_file(architect_flow_id)
        flow = self._flow(file, body)
        if _says_edits(flow, edits) and _are_the_same(flow, fingerprint, originals):
            return FileChange(file.path, file.shown, body, body)
        self._check_pin(file, body, lambda digest: fingerprint_of(digest) == fingerprint)
        if flow.unwritable:
            raise FileRefused(f"{file.shown} was left as it is: {flow.unwritable}")
        try:
            after = flow.pack(flow.definition.with_edits(edits))
        except EditRefusedError as problem:
            raise FileRefused(f"{file.shown} was left as it is: {problem}") from problem
        prove_steps(file, flow, after, edits)
        return FileChange(file.path, file.shown, body, after)

    def with_limit(self, action_id: str, version: int, limit_ms: int | None) -> FileChange:
        """Return what another limit of an action makes of its file, proved; it stays where it says so already.

        `limit_ms`: None takes the limit away. Raises FileChanged where the file is no longer that of the version,
        FileRefused where it cannot be edited.
        """
        listed, file, body = self._action_file(action_id)
        found = self._actions(file, body)
        resource = listed.action.resource
        if _says_limit(found, resource, limit_ms):
            return FileChange(file.path, file.shown, body, body)
        self._check_pin(file, body, lambda digest: version_of(digest) == version)
        try:
            now_ms = limit_of(found.named(resource).listed(action_id, version))
            texts = self._texts_for(file, resource, now_ms, limit_ms)
            after = found.with_limit(resource, limit_ms) if texts is None else found.with_texts(resource, texts)
            before = KeptLimit(resource=resource, before_ms=now_ms, after_ms=limit_ms, texts=found.texts(resource))
        except (ValueError, KeyError) as problem:
            raise FileRefused(f"{file.shown} was left as it is: {problem}") from problem
        prove_limit(file, found, after, resource, limit_ms)
        return FileChange(file.path, file.shown, body, after, before)

    def holds_edits(self, architect_flow_id: str, edits: Mapping[str, StepEdit]) -> bool:
        """Return whether the file of an Architect flow says already what edits of its steps would make it say."""
        return _says_edits(self._flow(*self._flow_file(architect_flow_id)), edits)

    def holds_limit(self, action_id: str, limit_ms: int | None) -> bool:
        """Return whether the file of an action sets that limit already."""
        listed, file, body = self._action_file(action_id)
        return _says_limit(self._actions(file, body), listed.action.resource, limit_ms)

    def fingerprint_now(self, target_id: str) -> str:
        """Return the fingerprint of what the file of an Architect flow or of an action holds now.

        Raises FileChanged where it is gone, FileRefused where it cannot be read.
        """
        listed = self._listed()
        found = listed.flows.get(target_id) or listed.actions.get(target_id)
        if found is None:
            raise FileChanged(f"{one_line(target_id)} is not in these folders any more")
        return fingerprint_of(hash_of(self._current(found.file)))

    def obstacle_to(self, target_id: str, guard: GitGuard) -> str:
        """Say in a clause why the file of an Architect flow or an action would not be written; '' where it would."""
        listed = self._listed()
        flow = listed.flows.get(target_id)
        found = flow or listed.actions.get(target_id)
        if found is None or (flow is not None and flow.unwritable):
            return flow.unwritable if flow is not None else ""
        file = found.file
        try:
            return obstacle_to_writing(file.path) or guard.difference(file, self._body(file))
        except (OSError, FilesError) as problem:
            return str(problem)

    def request_counts(self) -> RequestCounts:
        """Return how much was asked of the platform: nothing."""
        return RequestCounts(requests={})

    def close(self) -> None:
        """Forget what was read."""
        with self._lock:
            self._listing = None

    def folder_of(self, change: FileChange) -> Path:
        """Return the folder, as it was given, in which a changed file was found. Raises FileChanged."""
        return self._file_of(change).folder

    def _walk(self) -> Walk:
        return walk(self._folders)

    def _texts_for(self, file: FoundFile, resource: str, now_ms: int | None, limit_ms: int | None) -> LimitTexts | None:  # noqa: ARG002 - see FilesWriter
        """Return how a limit is to be written, None for as usual."""
        return None

    def _file_of(self, change: FileChange) -> FoundFile:
        found = self._listed().files.get(change.path)
        if found is None:
            raise FileChanged(f"{change.shown} is not in these folders any more")
        return found

    def _listed(self) -> Listing:
        with self._lock:
            if self._listing is None:
                self.listing()
            assert self._listing is not None, "it was just made"
            return self._listing

    def _flow_file(self, architect_flow_id: str) -> tuple[FoundFile, bytes]:
        found = self._listed().flows.get(architect_flow_id)
        if found is None:
            raise FileChanged(f"{one_line(architect_flow_id)} is no Architect flow in these folders any more")
        return found.file, self._current(found.file)

    def _action_file(self, action_id: str) -> tuple[ListedAction, FoundFile, bytes]:
        found = self._listed().actions.get(action_id)
        if found is None:
            raise FileChanged(f"{one_line(action_id)} is no action in these folders any more")
        return found, found.file, self._current(found.file)

    def _current(self, file: FoundFile) -> bytes:
        """Return what a file holds now."""
        try:
            return self._body(file)
        except FileNotFoundError as problem:
            raise FileChanged(f"{file.shown} is not there any more") from problem
        except (OSError, FilesError) as problem:
            raise FileRefused(f"{file.shown} was left as it is: {reason_of(problem)}") from problem

    def _body(self, file: FoundFile) -> bytes:
        """Read a file. Raises OSError and FilesError."""
        return read_file(file.folder, file.names)

    def _check_pin(self, file: FoundFile, body: bytes, is_pinned: Callable[[str], bool]) -> None:
        """Raise FileChanged unless a file is what was planned from, or what changes of ours have made of that."""
        digest = hash_of(body)
        ours = self._earlier.get(file.path, ()) if self._latest.get(file.path) == digest else ()
        if not any(map(is_pinned, (digest, *ours))):
            raise FileChanged(
                f"{file.shown} is no longer what the plan was made from, and was left as it is: make the plan anew"
            )

    def _remember(self, change: FileChange) -> None:
        """Remember a change of ours, so that a second one in the same file is none of somebody else's."""
        before, after = hash_of(change.before), hash_of(change.after)
        with self._lock:
            if self._latest.get(change.path) != before:
                self._earlier[change.path] = set()
            self._earlier[change.path].add(before)
            self._latest[change.path] = after

    def _flow(self, file: FoundFile, body: bytes) -> FlowFile:
        return _parsed(file, body, read_flow, "is no Architect flow any more")

    def _actions(self, file: FoundFile, body: bytes) -> ActionFile:
        return _parsed(file, body, read_actions, "holds no actions any more")


def _says_edits(flow: FlowFile, edits: Mapping[str, StepEdit]) -> bool:
    steps = {step.id: step for step in flow.definition.steps}
    return all(step_id in steps and is_as_edited(steps[step_id], edit) for step_id, edit in edits.items())


def _are_the_same(flow: FlowFile, fingerprint: str, originals: Mapping[str, RawTimeout] | None) -> bool:
    """Return whether the steps of these ids are still those of the plan: in YAML an id is a place, and others move in.

    They are for certain where the file with the originals put back is the one that the plan was made from.
    """
    if originals is None or not any(map(is_place, originals)):
        return True
    restored = {step_id: Restore(original=original) for step_id, original in originals.items()}
    try:
        return fingerprint_of(hash_of(flow.pack(flow.definition.with_edits(restored)))) == fingerprint
    except EditRefusedError:
        return False


def _says_limit(found: ActionFile, resource: str, limit_ms: int | None) -> bool:
    actions = {each.resource: each for each in found.actions}
    return resource in actions and not actions[resource].unknown_limit and actions[resource].has_limit(limit_ms)


def _parsed(file: FoundFile, body: bytes, read: Callable[[bytes, str], Parsed | None], gone: str) -> Parsed:
    """Read what a file held when it was listed. Raises FileRefused, and FileChanged where it holds that no more."""
    try:
        found = read(body, file.name)
    except UnreadableFile as problem:
        raise FileRefused(f"{file.shown} was left as it is: {problem}") from problem
    if found is None:
        raise FileChanged(f"{file.shown} {gone}")
    return found
