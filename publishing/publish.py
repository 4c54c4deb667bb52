"""The doors of the room: publish one order by the protocol that its target asks for, and verify it by a fresh read."""

import typing

from files.reader import FilesReader
from files.writing import FilesWriter
from genesys import GenesysError, Gone, NotFound, ReadClient, WriteClient
from publishing.actions.function_draft import FunctionDraft
from publishing.actions.patch import patch_limit
from publishing.architect.lock import ShownLocks
from publishing.architect.protocol import Protocol
from publishing.files import verify_in_files, write_to_files
from publishing.flow_data import replace_flow_data
from publishing.order import ActionOrder, ArchitectFlowOrder, DraftMarks, Order, Publication, Timing
from publishing.verification import verify_action, verify_architect_flow
from timeouts.planning.outcomes import Outcome, OutcomeKind

Writer = WriteClient | FilesWriter
"""What writes to a source: an org behind the API, or folders of files."""


def publish(writer: Writer, order: Order, pace: Timing, marks: DraftMarks, shown: ShownLocks) -> Publication:
    """Make the planned change of one target, or leave it as it was and say why.

    `shown`: what the run has seen of its own locks so far.
    """
    if isinstance(writer, FilesWriter):
        return write_to_files(writer, order, pace)
    match order:
        case ArchitectFlowOrder():
            return publish_architect_flow(writer, order, pace, shown)
        case ActionOrder():
            return publish_action(writer, order, pace, marks)
        case never:
            typing.assert_never(never)


def publish_architect_flow(
    client: WriteClient, order: ArchitectFlowOrder, pace: Timing, shown: ShownLocks
) -> Publication:
    """Do so for the planned timeouts of an Architect flow."""
    match order.kind:
        case "architect":
            return Protocol(client, order, pace, shown).run()
        case "flowData":
            return replace_flow_data(client, order, pace)
        case "archy":
            raise ValueError("Archy's YAML lies in files: no org holds a definition of this kind")
        case never:
            typing.assert_never(never)


def publish_action(client: WriteClient, order: ActionOrder, pace: Timing, marks: DraftMarks) -> Publication:
    """Do so for the planned limit of an action."""
    match order.kind:
        case "custom":
            return patch_limit(client, order, pace)
        case "function":
            return FunctionDraft(client, order, pace, marks).run()
        case never:
            typing.assert_never(never)


def verify(reader: ReadClient | FilesReader, order: Order, publication: Publication, pace: Timing) -> Outcome:
    """Read back what was published and compare it in full with what was expected.

    Only what was published is looked at; every other outcome is returned as it is. It becomes `failed` when anything
    differs that is not the server's own doing, and `unknown` when it cannot be read. What has no version that tells a
    roll back of it becomes `unknown` wherever it is not there any more.
    """
    outcome = publication.outcome
    if outcome.outcome != "published":
        return outcome
    if isinstance(reader, FilesReader):
        return verify_in_files(reader, order, publication)
    try:
        match order:
            case ArchitectFlowOrder():
                return verify_architect_flow(reader, order, publication, pace)
            case ActionOrder():
                return verify_action(reader, order, publication, pace)
            case never:
                typing.assert_never(never)
    except (NotFound, Gone):
        kind: OutcomeKind = "unknown" if outcome.version_after is None else "skipped"
        return outcome.turned(kind, "it was published, and deleted since")
    except GenesysError as problem:
        return outcome.turned("unknown", f"it was published, but could not be read back: {problem}")
