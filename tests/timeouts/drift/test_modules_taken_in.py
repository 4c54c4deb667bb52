"""Drift of copies: an Architect flow that took in another version of a common module is told as such."""

import json

from tests.timeouts.conftest import copy_of, listed, reading, step
from tests.timeouts.drift.two_audits import EARLIER, LATER, S3, S5, S10, moved_between, seen
from timeouts.drift.drift import Drift
from timeouts.drift.snapshot import Snapshot
from timeouts.model.steps import Snapshot as ModuleSnapshot
from timeouts.model.steps import Step


def caller(*modules: ModuleSnapshot, version: str = "4.0", own: tuple[Step, ...] = ()) -> Snapshot:
    """An org whose one Architect flow embeds modules."""
    when = EARLIER if version == "4.0" else LATER
    return seen([listed(published_version=version)], [reading(*own, snapshots=modules)], stamp=when)


def taken_in(found: Drift) -> list[tuple[str | None, str, int]]:
    return [(m.version_before, m.version_after, m.steps) for line in found.architect_flows for m in line.took_in]


def test_a_snapshot_that_moved_is_told_with_both_versions_and_the_steps_that_are_other_ones() -> None:
    before = caller(copy_of(step(1, S3), step(2, S5), step(3, S5)))
    after = caller(copy_of(step(1, S10), step(2, S5), step(4, S5), version="4.0"), version="5.0")

    found = moved_between(before, after)

    assert taken_in(found) == [("3.0", "4.0", 3)]
    assert (found.is_found, found.steps, found.counts["other_copies"]) == (True, (), 1)


def test_a_newer_version_with_the_same_timeouts_is_told_and_does_not_count() -> None:
    found = moved_between(caller(copy_of(step(1, S3))), caller(copy_of(step(1, S3), version="4.0"), version="5.0"))

    assert (taken_in(found), found.is_found) == ([("3.0", "4.0", 0)], False)


def test_a_module_that_is_called_now_is_taken_in_and_one_that_is_called_no_more_is_not() -> None:
    none, one = caller(own=(step(1, S3),)), caller(copy_of(step(7, S3)), version="5.0", own=(step(1, S3),))

    assert taken_in(moved_between(none, one)) == [(None, "3.0", 1)]
    assert taken_in(moved_between(one, none)) == []


def test_a_snapshot_that_stayed_is_no_drift_also_where_it_stands_twice() -> None:
    twice = (copy_of(step(7, S3)), copy_of(step(7, S3), version="2.0"))

    assert taken_in(moved_between(caller(*twice), caller(*twice, version="5.0"))) == []


def test_what_is_remembered_of_copies_holds_no_text_of_the_definition() -> None:
    kept = caller(copy_of(step(7, S3)))

    assert "raw_timeout" not in kept.to_json().decode()
    assert json.loads(kept.to_json())["architect_flows"][0]["modules"][0]["version"] == "3.0"
