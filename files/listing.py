"""Every file of folders read once: the Architect flows and actions in them, and what could not be read."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from files.contents import POINTER, hash_of, is_pointer, read_file, reason_of
from files.errors import FilesError
from files.folders import Folders
from files.formats.action_file import FileAction
from files.formats.flow_file import FlowFile, UnreadableFile
from files.formats.i3 import is_i3
from files.formats.reading import is_override, may_be_actions, may_be_flow, read_actions, read_flow
from files.joining import Joining
from files.walking import FoundFile, Walk, is_template, walk
from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.steps import Reading
from timeouts.text.phrases import first_few
from timeouts.text.visible import cut, one_line

_NOTHING = (
    "holds nothing that is read here: no Architect export (*.i3*), configuration, Archy YAML, export of an action, or "
    "Terraform with genesyscloud_integration_action."
)
_STEP = re.compile(rb"\bcallData(?:Secure)?:")
_MOST_NAMED = 10
_MOST_NOTES = 50
_VERSION_DIGITS = 13
"""Hexadecimal digits of a file's hash that make the version of its actions: 52 bits, a whole number in any JSON."""


@dataclass(frozen=True, slots=True)
class ListedFlow:
    """An Architect flow in a file. The steps of its reading are not joined with actions yet.

    `unwritable`: why the file must not be written, empty where it may be.
    """

    file: FoundFile
    architect_flow: ArchitectFlow
    reading: Reading
    unwritable: str = ""


@dataclass(frozen=True, slots=True)
class ListedAction:
    """An action in a file."""

    file: FoundFile
    action: FileAction
    listed: DataAction


@dataclass(slots=True)
class Listing:
    """What folders hold, by id.

    `notes`: what was not read, a sentence each. `computed`: the actions whose limit is no number, by id: no gap, for
    their files were read. `files`: all in which something is ours, read or not, by path. `resources`: the ids of
    actions by their folder and their label in Terraform. `overrides`: which of these its override files change.
    `templates`: those that are not read and have steps of ours in them.
    """

    flows: dict[str, ListedFlow] = field(default_factory=dict)
    actions: dict[str, ListedAction] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    computed: dict[str, FileAction] = field(default_factory=dict)
    files: dict[Path, FoundFile] = field(default_factory=dict)
    resources: dict[tuple[Path, str], str] = field(default_factory=dict)
    overrides: list[tuple[FoundFile, str]] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)

    def joining(self) -> Joining:
        """Return what joins steps with these actions."""
        return Joining({action_id: each.action for action_id, each in self.actions.items()}, self.computed)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What files do not say, in sentences: no gap, for an action may lie elsewhere, and a limit be computed."""
        computed = [
            f"The limit of {action_id} counts as unknown and is never changed: {action.unknown_limit}"
            for action_id, action in self.computed.items()
        ]
        unjoined = self.joining().notes(step for each in self.flows.values() for step in each.reading.steps)
        told = _first(computed, "more actions have a limit that is no number")
        return (*told, *_not_counted(len(computed)), *unjoined)

    @property
    def what_was_not_read(self) -> tuple[str, ...]:
        """What was not read, a sentence each; of many, the first."""
        return _first(self.notes, "more files or actions could not be read")


def _first(sentences: list[str], more: str) -> tuple[str, ...]:
    left = len(sentences) - _MOST_NOTES
    return (*sentences[:_MOST_NOTES], *((f"{left:,} {more}",) if left > 0 else ()))


def _not_counted(actions: int) -> tuple[str, ...]:
    """Say what the count of actions lacks: a table would show an action without a number as one without a limit."""
    if not actions:
        return ()
    them = (
        "1 action whose limit is unknown stands"
        if actions == 1
        else f"{actions:,} actions whose limit is unknown stand"
    )
    return (f"{them} in no table and no count of actions",)


def version_of(digest: str) -> int:
    """Return the version that actions have in a file of this hash."""
    return int(digest[:_VERSION_DIGITS], 16)


def fingerprint_of(digest: str) -> str:
    """Return the fingerprint of an Architect flow in a file of this hash."""
    return f"sha256:{digest}"


def list_files(found: Walk, read: Callable[[FoundFile], bytes]) -> Listing:
    """Read what was found in folders. Raises FilesError for a folder in which nothing is ours."""
    listing = Listing(notes=list(found.notes))
    for file in found.files:
        add_file(listing, file, read)
    _override(listing)
    if named := first_few(listing.templates, _MOST_NAMED):
        listing.notes.append(
            f"Templates are not read, so the Call Data Action steps in these count as not there: {named}"
        )
    for folder in found.folders:
        if not any(path.is_relative_to(folder) for path in listing.files):  # also those of a folder around it
            raise FilesError(" ".join((f"The folder {one_line(str(folder))} {_NOTHING}", *found.notes)))
    return listing


def is_read(path: Path, folders: Folders) -> bool:
    """Return whether a file, by its real path, is one of those below folders in which something is ours.

    Raises OSError, and FilesError as `files.walking.walk` does.
    """
    if not path.is_file() or not any(path.is_relative_to(folder) for folder in folders.absolute):
        return False
    found = Listing()
    for file in walk(folders).files:
        if file.path == path:
            add_file(found, file, lambda each: read_file(each.folder, each.names))
    return bool(found.files)


def add_file(listing: Listing, file: FoundFile, read: Callable[[FoundFile], bytes]) -> None:
    """Read one file; what goes wrong with it stops none of the others."""
    try:
        body = read(file)
    except (OSError, FilesError) as problem:
        listing.files[file.path] = file
        listing.notes.append(f"{file.shown} counts as not there: {reason_of(problem)}")
        return
    if is_pointer(body) and not is_i3(file.name):
        listing.files[file.path] = file
        listing.notes.append(f"{file.shown} counts as not there: {POINTER}")
        return
    if is_template(file.name):
        if _STEP.search(body):
            listing.files[file.path] = file
            listing.templates.append(file.shown)
        return
    is_flow = may_be_flow(body, file.name) and _add_flow(listing, file, body)
    if is_flow or (may_be_actions(body, file.name) and _add_actions(listing, file, body)):
        listing.files[file.path] = file


def _add_flow(listing: Listing, file: FoundFile, body: bytes) -> bool:
    """Add the Architect flow of a file, read or not, and return whether it is to hold one."""
    try:
        flow = read_flow(body, file.name)
    except UnreadableFile as problem:
        reading = Reading(architect_flow_id=file.shown, coverage="unreadable", reason=cut(str(problem)))
        listing.flows[file.shown] = ListedFlow(file, ArchitectFlow(id=file.shown, name=file.shown), reading)
        return True
    if flow is None:
        return False
    named = ArchitectFlow(id=file.shown, name=flow.name or _stem(file), type=flow.type)
    listing.flows[file.shown] = ListedFlow(file, named, _reading_of(file, flow, body), flow.unwritable)
    return True


def _reading_of(file: FoundFile, flow: FlowFile, body: bytes) -> Reading:
    return Reading(
        architect_flow_id=file.shown,
        coverage="read",
        kind=flow.definition.kind,
        fingerprint=fingerprint_of(hash_of(body)),
        steps=flow.definition.steps,
        snapshots=flow.definition.snapshots,
    )


def _add_actions(listing: Listing, file: FoundFile, body: bytes) -> bool:
    """Add the actions of a file, read or not, and return whether it is to hold some."""
    try:
        found = read_actions(body, file.name)
    except UnreadableFile as problem:
        listing.notes.append(f"{file.shown} looks like integration actions and is not read: {cut(str(problem))}")
        return True
    if found is None:
        return False
    version = version_of(hash_of(body))
    listing.notes += [f"{file.shown}: {problem}" for problem in found.problems]
    if is_override(file.name):
        listing.overrides += [(file, each.resource) for each in found.actions]
        return True
    for action in found.actions:
        action_id = action_id_of(file, action)
        listing.resources[file.path.parent, action.resource] = action_id
        if action.unknown_limit:
            listing.computed[action_id] = action
        else:
            listing.actions[action_id] = ListedAction(file, action, action.listed(action_id, version))
    return True


def _override(listing: Listing) -> None:
    """Take what overrides an action for a part of it, by which its limit is not known, and not for a second one."""
    for file, resource in listing.overrides:
        action_id = listing.resources.get((file.path.parent, resource))
        if action_id is None:
            listing.notes.append(f"{file.shown}: the resource {one_line(resource)} that it overrides was not found")
            continue
        listed = listing.actions.pop(action_id, None)
        action = listing.computed[action_id] if listed is None else listed.action
        listing.computed[action_id] = replace(action, unknown_limit=f"{file.shown} overrides it")


def action_id_of(file: FoundFile, action: FileAction) -> str:
    """Return the id of an action in a file."""
    return f"{file.shown}#{action.resource}" if action.resource else file.shown


def _stem(file: FoundFile) -> str:
    """Return what an Architect flow is called whose file is not understood."""
    name = file.shown.rpartition("/")[2]
    return name.rpartition(".")[0] or name
