"""The edit that an order asks for, made in memory and proved before anything of it is sent."""

from publishing.order import ArchitectFlowOrder
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.definitions.proof import ProofFailed, prove_edit
from timeouts.planning.basis import lowered_by, moved_since_the_plan


class StaleBasis(Exception):  # noqa: N818 - the name says what is so, and the error says it
    """A step no longer says what the plan was made from."""


class EditRefused(Exception):  # noqa: N818 - as above
    """The edit would lower a wait that may not be lowered, or it could not be proved."""


def edited_by(order: ArchitectFlowOrder, base: bytes) -> bytes:
    """Return `base` with the order applied to it. Raises StaleBasis and EditRefused, with the reason for people."""
    try:
        definition = read_definition(base)
        if moved := moved_since_the_plan(definition, order.originals):
            raise StaleBasis(f"stale: {moved}")
        if not order.may_lower and (lowered := lowered_by(definition, order.edits)):
            raise EditRefused(f"refused, for it would lower a wait: {lowered}")
        edited = definition.with_edits(order.edits)
        prove_edit(base, edited, order.edits)
    except (UnreadableDefinition, ProofFailed, ValueError) as problem:
        raise EditRefused(f"the edit could not be proved, nothing was sent: {problem}") from problem
    return edited
