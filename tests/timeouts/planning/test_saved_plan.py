"""Saved plans: exactly the plan that people looked at is given back, or the reason why it must not be applied."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.timeouts.conftest import ORG
from tests.timeouts.org_of_examples import plan
from tests.timeouts.planning.saved import saved_plan
from timeouts.planning.saved_plan import (
    LIFETIME_MS,
    SavedPlanError,
    applicable,
    stored_plan,
)

NOW_MS = 1_700_000_000_000
TEXT = saved_plan(plan(), now_ms=NOW_MS).model_dump_json()


def read(text: str | bytes, now_ms: int = NOW_MS, organization_id: str = ORG.id) -> Any:
    return applicable(stored_plan(text), now_ms=now_ms, org_key=organization_id)


def changed(change: Callable[[Any], object]) -> str:
    """The document after somebody had a hand in it."""
    document = json.loads(TEXT)
    change(document)
    return json.dumps(document)


def test_a_saved_plan_is_the_plan_that_was_computed() -> None:
    found = read(TEXT)

    assert (plan(), plan().checksum) == (found, found.checksum)


def test_white_space_and_the_order_of_keys_do_not_matter() -> None:
    assert plan() == read(json.dumps(json.loads(TEXT), indent=2, sort_keys=True).encode())


def test_the_document_says_which_plan_of_which_org_it_is_and_how_long_it_may_be_applied() -> None:
    document = json.loads(TEXT)

    assert (5, plan().checksum, ORG.name, NOW_MS, NOW_MS + LIFETIME_MS) == (
        document["schema_version"],
        document["checksum"],
        document["organization"]["name"],
        document["created_ms"],
        document["expires_ms"],
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["plan"]["changes"][0]["after"].update(timeout_ms=60_000),
        lambda d: d["plan"]["changes"].pop(),
        lambda d: d["plan"]["pins"][0].update(version="9.0"),
        lambda d: d["plan"]["violations"].append({"limit": "share", "text": "x"}),
        lambda d: d.update(checksum="sha256:0"),
        lambda d: d["organization"].update(id="org-2"),
        lambda d: d["plan"]["organization"].update(id="org-2"),
        lambda d: d.pop("expires_ms"),
        lambda d: d.update(extra=1),
        lambda d: d.update(plan=[]),
    ],
)
def test_a_plan_that_somebody_changed_is_refused(change: Callable[[Any], object]) -> None:
    with pytest.raises(SavedPlanError, match="make a new dry run"):
        read(changed(change))


def test_a_plan_is_good_up_to_its_last_millisecond() -> None:
    assert plan() == read(TEXT, now_ms=NOW_MS + LIFETIME_MS - 1)


def test_a_plan_that_is_too_old_is_refused() -> None:
    with pytest.raises(SavedPlanError, match="could be applied for 24h and expired 1h ago: make a new dry run"):
        read(TEXT, now_ms=NOW_MS + LIFETIME_MS + 3_600_000)


def test_a_plan_that_would_live_for_longer_than_a_plan_may_is_refused() -> None:
    """A clock that was set back made a plan that had expired good again."""
    with pytest.raises(SavedPlanError, match=r"longer than 24h: the clock of this machine, or .*make a new dry run"):
        read(TEXT, now_ms=NOW_MS - 1)


def test_a_plan_of_another_org_is_refused() -> None:
    with pytest.raises(SavedPlanError, match=r"for the org Example \| Org \(org-1\), this one is org-2: apply it in"):
        read(TEXT, organization_id="org-2")


def test_a_plan_of_another_schema_is_refused() -> None:
    with pytest.raises(SavedPlanError, match="has schema 1, this version reads 5: make a new dry run"):
        read(changed(lambda document: document.update(schema_version=1)))


@pytest.mark.parametrize("text", ["", "{", b"\xff", "[" * 100_000, "[]", "null", "{}", plan().model_dump_json()])
def test_what_is_no_saved_plan_is_refused(text: str | bytes) -> None:
    with pytest.raises(SavedPlanError, match="not a saved plan"):
        read(text)


def test_a_plan_is_none_of_an_org_of_the_same_id_at_another_address() -> None:
    with pytest.raises(SavedPlanError, match=r"this one is \S+ at https://stand-in\.example"):
        read(TEXT, organization_id=ORG.model_copy(update={"platform": "https://stand-in.example"}).key)
