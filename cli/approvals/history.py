"""`history`: the decisions on plans in one org, from their chain, and whether that chain and its signatures hold."""

from typing import TYPE_CHECKING

from cli import environment
from cli.exits import Exit, saying_problems
from cli.servers.prefect_server import prefect_server
from cli.showing.screens import complain, out, say
from cli.sources import org_of
from genesys import ConfigurationProblem
from timeouts.text.phrases import number_of

if TYPE_CHECKING:
    from flows.approval.history import Chain
    from timeouts.model.org import Organization


@saying_problems
def show(org: str | None, *, verify: bool) -> Exit:
    """Print the decisions; with `verify`, say whether they are all there, in order, unchanged and signed."""
    environment.prepare()
    with org_of(org) as block, prefect_server():
        from flows.sources.connections import credentials_of_block, read_client

        with read_client(credentials_of_block(block)) as client:
            organization = client.organization()
        chain = _read(organization)
    if isinstance(chain, Exit):
        return chain
    from reports.terminal.history import show_history

    show_history(organization, chain.entries, out)
    return verified(chain) if verify else Exit.DONE


def verified(chain: "Chain") -> Exit:
    """Say what does not hold: FAILED where it is missing, changed or not signed, INCOMPLETE where none can say."""
    from flows.approval.approvers import register_here
    from timeouts.planning.approval.history import breaks_in, unknown_in, unsigned_in

    wrong: tuple[str, ...] = breaks_in(chain.entries, chain.head)
    unknown = unknown_in(chain.entries)
    try:
        unsigned, without_key = unsigned_in(chain.entries, register_here())
        wrong += unsigned
        unknown += without_key
    except ConfigurationProblem as problem:
        unknown += (f"whose signatures these are: {problem}",) if chain.entries else ()
    for each in wrong:
        complain(each)
    for each in unknown:
        complain(f"could not tell: {each}")
    if wrong:
        return Exit.FAILED
    ahead = chain.head is None or chain.head.number < len(chain.entries)
    if chain.entries and ahead:
        say("The last entry was stored by a process that ended before it moved the head; the next entry takes it up.")
    if unknown:
        return Exit.INCOMPLETE
    if not chain.entries:
        return Exit.DONE
    entries = number_of(len(chain.entries), "entry", "entries")
    say(f"{entries}: all there, in order, unchanged, and signed where they have to be.", "green")
    return Exit.DONE


def _read(organization: "Organization") -> "Chain | Exit":
    from timeouts.planning.approval.history import HistoryProblem

    try:
        return _chain_of(organization.id)
    except HistoryProblem as problem:
        complain(str(problem))
        return Exit.FAILED
    except Exception as problem:  # noqa: BLE001 - storage and server each have errors of their own
        complain(f"the history of {organization.name} could not be read: {problem}")
        return Exit.INCOMPLETE


def _chain_of(organization_id: str) -> "Chain":
    """Return an org's chain from the area that is named, else from the area that has one.

    Where several have entries, it is the one that the head on the Prefect server fits, else the longest.
    """
    from flows.approval.history import read_history
    from tasks.storage import default_storage, storages_of_all
    from tasks.storage.results import own_area
    from timeouts.planning.approval.history import breaks_in, unknown_in

    if own_area():
        return read_history(default_storage(), organization_id)
    chains = [read_history(storage, organization_id) for storage in storages_of_all()]

    def fit(chain: "Chain") -> tuple[bool, int]:
        does_not = chain.head is None or breaks_in(chain.entries, chain.head) or unknown_in(chain.entries)
        return not does_not, len(chain.entries)

    return max(chains, key=fit)
