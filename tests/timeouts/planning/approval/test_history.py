"""The chain of decisions: what is missing, changed, replayed or not signed shows, and a crash is none of that."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.approvers import ANA, BO, KEYS, MAL, fingerprint, line, register, signed
from tests.timeouts.conftest import ORG
from tests.timeouts.planning.approval.test_approval import APPROVED, NOW_MS, PROPOSAL, answer
from timeouts.planning.approval.history import (
    EMPTY,
    BrokenEntry,
    Happened,
    Head,
    HistoryEntry,
    HistoryProblem,
    Read,
    breaks_in,
    decided,
    end_of,
    happened,
    next_entry,
    unknown_in,
    unsigned_in,
)
from timeouts.planning.approval.ruling import Answer, Ruling

EVENTS = (
    happened("proposed", PROPOSAL, NOW_MS, name="Bo, as typed"),
    *(decided(each.answer, each.ruling, PROPOSAL, NOW_MS) for each in APPROVED.answers),
    happened("ended", PROPOSAL, NOW_MS, why="Completed: 17 Architect flows published"),
)


def chain(events: tuple[Happened, ...] = EVENTS) -> list[HistoryEntry]:
    entries: list[HistoryEntry] = []
    head = EMPTY
    for event in events:
        entries.append(next_entry(ORG, head, event))
        head = head_of(entries)
    return entries


def head_of(entries: list[HistoryEntry]) -> Head:
    return Head(number=len(entries), digest=entries[-1].digest)


CHAIN = chain()
HEAD = head_of(CHAIN)


def around(entries: list[Any], head: Head | None) -> tuple[Read, Read, Read]:
    """What lies at the head, right behind it and behind that."""
    places = [None, *entries, *[None] * 6]
    number = head.number if head else 0
    return places[number], places[number + 1], places[number + 2]


def test_a_whole_chain_holds_and_goes_on_from_its_head() -> None:
    assert breaks_in(CHAIN, HEAD) == ()
    assert end_of(HEAD, *around(CHAIN, HEAD)) == HEAD
    assert unsigned_in(CHAIN, register()) == ((), ())
    assert breaks_in([], None) == ()


def test_it_says_who_decided_what_by_their_keys() -> None:
    assert [(each.happened.what, each.happened.name) for each in CHAIN] == [
        ("proposed", "Bo, as typed"),
        ("asked", BO),
        ("approved", ANA),
        ("ended", ""),
    ]
    assert [each.happened.fingerprint for each in CHAIN[1:3]] == [fingerprint(BO), fingerprint(ANA)]


@pytest.mark.parametrize("head", [head_of(CHAIN[:3]), None])
def test_a_process_that_was_killed_between_entry_and_head_has_broken_nothing(head: Head | None) -> None:
    entries = CHAIN if head else CHAIN[:1]

    assert breaks_in(entries, head) == ()
    assert end_of(head, *around(entries, head)) == head_of(entries)


@pytest.mark.parametrize(
    ("entries", "head", "told"),
    [
        (CHAIN[:2], HEAD, "the chain has 2 entries, and 4 were written: its end is missing"),
        ([], HEAD, "the chain has 0 entries, and 4 were written"),
        ([CHAIN[0], None, *CHAIN[2:]], HEAD, "entry 2 is missing"),
        (CHAIN, None, "the head of the chain is missing on the Prefect server"),
        (CHAIN, head_of(CHAIN[:2]), "the chain has 4 entries or more, and 2 were written"),
        ([CHAIN[0], BrokenEntry(number=2, why="is damaged"), *CHAIN[2:]], HEAD, "entry 2 is damaged"),
        ([CHAIN[0], CHAIN[2], CHAIN[1], CHAIN[3]], HEAD, "entry 2 does not go on from entry 1"),
        (CHAIN, Head(number=4, digest="0" * 64), "entry 4 is not the one that was written last"),
    ],
)
def test_what_is_missing_or_replayed_is_named(entries: list[Any], head: Head | None, told: str) -> None:
    assert told in "; ".join(breaks_in(entries, head))


def test_an_entry_that_is_sealed_with_an_unknown_key_is_neither_whole_nor_broken() -> None:
    unknown = BrokenEntry(number=2, why="is sealed with a key", may_be_whole=True)
    entries: list[Read] = [CHAIN[0], unknown, *CHAIN[2:]]

    assert (breaks_in(entries, HEAD), unknown_in(entries)) == ((), ("entry 2 is sealed with a key",))
    assert unknown_in(CHAIN) == ()
    with pytest.raises(HistoryProblem, match="entry 4 is sealed with a key"):
        end_of(HEAD, unknown, None, None)


@pytest.mark.parametrize(
    ("entries", "head", "told"),
    [
        (CHAIN[:2], HEAD, "entry 4 is missing"),
        (CHAIN, None, "the head of the chain is missing"),
        (CHAIN, head_of(CHAIN[:2]), "the head or the chain was replayed"),
        (CHAIN, Head(number=4, digest="0" * 64), "entry 4 was changed after it was written"),
        ([*CHAIN, CHAIN[0]], HEAD, "entry 5 does not go on from entry 4"),
        ([*CHAIN, BrokenEntry(number=5, why="is damaged")], HEAD, "entry 5 does not go on from entry 4"),
    ],
)
def test_nothing_is_added_to_a_chain_that_is_broken_at_its_end(
    entries: list[Any], head: Head | None, told: str
) -> None:
    with pytest.raises(HistoryProblem, match=told):
        end_of(head, *around(entries, head))


FIELDS = sorted(set(Happened.model_fields) - {"waive"})


@given(st.integers(0, len(CHAIN) - 1), st.sampled_from(FIELDS), st.integers(1, 9))
def test_whatever_is_changed_in_an_entry_shows(place: int, field: str, more: int) -> None:
    was = getattr(CHAIN[place].happened, field)
    now = was + more if isinstance(was, int) else ("refused" if field == "what" else f"{was}{more}")
    changed = CHAIN[place].model_copy(update={"happened": CHAIN[place].happened.model_copy(update={field: now})})

    assert breaks_in([*CHAIN[:place], changed, *CHAIN[place + 1 :]], HEAD)


def test_an_approval_that_nobody_signed_shows_even_where_the_chain_was_made_anew() -> None:
    forged = EVENTS[2].model_copy(update={"signature": signed(MAL, PROPOSAL.request, "approve")})
    unsigned = EVENTS[2].model_copy(update={"signature": "", "fingerprint": ""})
    renamed = EVENTS[2].model_copy(update={"name": BO})
    other_run = EVENTS[2].model_copy(update={"run_id": "run-2"})
    turned = EVENTS[1].model_copy(update={"what": "approved"})

    for event in (forged, unsigned, renamed, other_run, turned):
        made = chain((EVENTS[0], event))
        assert breaks_in(made, head_of(made)) == ()
        assert unsigned_in(made, register())[0] == (f"entry 2: {event.name} has not signed it",)


def test_a_key_that_was_revoked_since_has_signed_all_the_same() -> None:
    keys = KEYS | {"Dee": line("Dee")}

    assert unsigned_in(CHAIN, register(keys=keys, revoked=[fingerprint(ANA), fingerprint(BO)])) == ((), ())


def test_a_key_that_is_not_registered_any_more_cannot_be_told() -> None:
    wrong, unknown = unsigned_in(CHAIN, register(keys={name: key for name, key in KEYS.items() if name != ANA}))

    assert wrong == ()
    assert unknown == (f"entry 3: the key {fingerprint(ANA)} of {ANA} is not registered here",)


def test_a_rejection_may_be_signed_or_not() -> None:
    signed_one = decided(
        answer(ANA, "reject"), Ruling(verdict="rejected", by=APPROVED.answers[1].ruling.by), PROPOSAL, 1
    )
    nobody = decided(Answer(), Ruling(verdict="rejected", reason="not tonight"), PROPOSAL, 1)
    both = chain((signed_one, nobody))

    assert [each.happened.name for each in both] == [ANA, "somebody (not signed)"]
    assert unsigned_in(both, register()) == ((), ())
