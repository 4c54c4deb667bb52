"""`locks`: what runs of ours hold in an org, and with --release, letting go of what dead ones have left."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cli import environment
from cli.exits import Exit, NotDoneError, UsageError, saying_problems
from cli.servers.prefect_server import PrefectServerError, prefect_server
from cli.showing.screens import complain, say
from cli.sources import org_of
from flows.run.interruption import at_once, in_order
from flows.run.pace import pace_until
from genesys import Credentials, ReadClient, WriteClient
from publishing.architect.take_up import TakenUp, take_up
from publishing.order import Timing
from timeouts.model.durations import DurationError, format_duration, parse_duration
from timeouts.model.leftovers import locked_by_us
from timeouts.model.org import ArchitectFlow, DataAction, Organization

if TYPE_CHECKING:
    from flows.guards.places import Held

_AT_A_TIME = 8
"""Each lock is watched for as long as `--grace` says: several side by side."""

_LEAST_GRACE_MS = 10_000
"""A living run that reads, edits and publishes moves something more often."""

_PATIENCE_S = 120.0
"""How long a run that lives is waited for: longer than it takes to see that one is dead."""

_LAST_WORDS = (
    "Ended at once: a lock may be let go, or not. Run the same command again: it reads first what is true there."
)


@dataclass(frozen=True, slots=True)
class _Holdings:
    """What is ours in an org. `others`: locked by another OAuth client that runs of ours write with.

    `is_all`: nothing that was stored about it is refused.
    """

    organization: Organization
    locked: tuple[ArchitectFlow, ...]
    others: tuple[ArchitectFlow, ...]
    drafted: tuple[DataAction, ...]
    place: "Held | None"
    is_all: bool


@saying_problems
def show(org: str | None) -> Exit:
    """List what is held; reads only."""

    def listed(credentials: Credentials) -> Exit:
        from flows.sources.connections import read_client

        with read_client(credentials) as client:
            holdings = _read_holdings(client)
        _print(holdings)
        return Exit.DONE if holdings.is_all else Exit.FAILED

    return _at_the_org(org, listed)


@saying_problems
def release(org: str | None, grace: str) -> Exit:
    """Let go of what dead runs have left; holds the org's place meanwhile, as every run that writes.

    `grace`: how long nothing may have moved under a lock, such as 2m.
    """
    try:
        grace_ms = parse_duration(grace)
    except DurationError as problem:
        raise UsageError(f"--grace: {problem}") from None
    if grace_ms < _LEAST_GRACE_MS:
        raise UsageError(f"--grace: {grace} is too short, a run that lives may not move for as long: 10s or more")

    def released(credentials: Credentials) -> Exit:
        from flows.sources.connections import write_client

        stop = threading.Event()
        with at_once(stop), write_client(credentials, stop) as client:
            holdings = _read_holdings(client)
            _print(holdings)
            return _release(client, holdings, stop, grace_ms)

    return _at_the_org(org, released)


def _at_the_org(org: str | None, do: Callable[[Credentials], Exit]) -> Exit:
    environment.prepare()
    from flows.guards.apply_lock import AnotherApplyError, StoppedWaitingError

    try:
        with org_of(org) as block, prefect_server():
            from flows.sources.connections import credentials_of_block

            return do(credentials_of_block(block))
    except AnotherApplyError as problem:
        raise NotDoneError(str(problem)) from None
    except StoppedWaitingError:
        raise NotDoneError("interrupted while it waited for another run: nothing was changed") from None


@contextmanager
def _complaining() -> Iterator[list[str]]:
    """Tell a person what a run would write to its log: which file in storage is refused, and counts as nothing.

    Yields the list of what was told.
    """
    from tasks.running.warning import OUTSIDE_OF_RUNS

    told: list[str] = []

    def tell(record: logging.LogRecord) -> None:
        told.append(record.getMessage())
        complain(told[-1])

    handler = logging.Handler(logging.WARNING)
    handler.emit = tell  # type: ignore[method-assign]
    log = logging.getLogger(OUTSIDE_OF_RUNS)
    log.addHandler(handler)
    try:
        yield told
    finally:
        log.removeHandler(handler)


def _read_holdings(client: ReadClient) -> _Holdings:
    from tasks.storage import default_storage
    from tasks.storage.ids import our_clients, our_drafts

    organization = client.organization()
    storage = default_storage()
    architect_flows = client.list_architect_flows()
    with _complaining() as told:
        marked = our_drafts(storage, organization.key).all()
        clients = our_clients(storage, organization.key).all()
    return _Holdings(
        organization=organization,
        locked=locked_by_us(architect_flows, {client.identity}),
        others=locked_by_us(architect_flows, clients - {client.identity}),
        drafted=tuple(each for each in client.actions() if each.id in marked) if marked else (),
        place=_place_of(organization),
        is_all=not told,
    )


def _place_of(organization: Organization) -> "Held | None":
    from flows.guards.places import at_the_server, held, place_of

    try:
        with at_the_server() as server:
            return held(server, place_of(organization.id))
    except Exception as problem:  # noqa: BLE001 - whatever Prefect's client raises for a server that is away
        raise PrefectServerError(
            f"Prefect's server could not be asked which run writes to {organization.name}: {problem}. Nothing was "
            "changed: run the same command again."
        ) from None


def _print(holdings: _Holdings) -> None:
    name = holdings.organization.name
    if not (holdings.locked or holdings.others or holdings.drafted or holdings.place):
        if holdings.is_all:
            say(
                f"{name}: nothing is held by runs of ours, as far as this OAuth client and this Prefect server show.",
                "green",
            )
        else:
            say(f"{name}: nothing was found. What is named above was not read: it may tell of more.", "yellow")
        return
    for each in holdings.locked:
        say(f"Locked by our client: {_described(each)}")
    for each in holdings.others:
        holder = each.locked_by.label if each.locked_by else ""
        say(f"Locked by {holder}, with which runs of ours write too: {_described(each)}")
    for action in holdings.drafted:
        say(f"Draft of ours on the action {action.name} ({action.id}): the next run that changes it takes it up")
    if holdings.place:
        say(f"The place of the run that writes to {name}: {holdings.place.holder.label}, {_age(holdings.place)}")


def _described(architect_flow: ArchitectFlow) -> str:
    draft = f", draft {architect_flow.saved_version}" if architect_flow.saved_version else ", without a draft"
    operation = architect_flow.operation
    running = f", {operation.action.lower()} under way" if operation and not operation.complete else ""
    return f"{architect_flow.name} ({architect_flow.id}){draft}{running}"


def _age(place: "Held") -> str:
    from tasks.running.clock import now_ms

    return f"last sign of life {format_duration(max(0, now_ms() - place.renewed_ms) // 1000 * 1000)} ago"


def _release(client: WriteClient, listed: _Holdings, stop: threading.Event, grace_ms: int) -> Exit:
    from flows.guards.apply_lock import apply_lock

    if listed.place:
        say("Waiting for the end of the run that holds the place, or until it shows no sign of life")
    with in_order(_LAST_WORDS, stop), apply_lock(listed.organization, stop, _PATIENCE_S):
        if listed.place:
            say(f"The place of the run that writes to {listed.organization.name} is free")
        holdings = _read_anew(client, listed)
        if holdings.locked:
            say(f"Watching for {format_duration(grace_ms)} whether anything still moves under the locks")
        ends = _taken_up(client, holdings.locked, replace(pace_until(stop), grace_ms=grace_ms))
    for architect_flow, end in zip(holdings.locked, ends, strict=True):
        say(f"{architect_flow.name}: {end.said}", "green" if end.is_free else "red")
    for each in holdings.others:
        say(f"{each.name}: it takes the credentials of that client to let it go", "red")
    is_free = all(end.is_free for end in ends) and not holdings.others
    return Exit.DONE if is_free and holdings.is_all else Exit.FAILED


def _read_anew(client: WriteClient, listed: _Holdings) -> _Holdings:
    """Read once more, now that no run writes, and list it where it is not what was listed: runs went on meanwhile."""
    holdings = replace(_read_holdings(client), place=None)  # which is ours
    if holdings != replace(listed, place=None):
        say("Since it was listed, that has changed:")
        _print(holdings)
    return holdings


def _taken_up(client: WriteClient, locked: tuple[ArchitectFlow, ...], pace: Timing) -> list[TakenUp]:
    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        under_way = [threads.submit(copy_context().run, take_up, client, each, pace) for each in locked]
        return [each.result() for each in under_way]
