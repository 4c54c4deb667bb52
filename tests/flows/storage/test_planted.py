"""Whoever may write to the storage and has no key: nothing of theirs is published, told, or believed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prefect.client.schemas.objects import State
from prefect.filesystems import LocalFileSystem
from pydantic import SecretBytes

from flows.apply_plan import apply_plan
from flows.audit import audit
from flows.effect import effect
from flows.raise_timeouts import raise_timeouts
from flows.record.records import NoRecordError, kept_report
from flows.roll_back import roll_back
from simulator.server import Running
from tasks.running.clock import now_ms
from tasks.storage import ResultStorage, default_storage
from tasks.storage.known_readings import KnownReadings
from tasks.storage.results import packed, unpacked
from tasks.storage.seal_keys import SealKeys
from tests.flows.conftest import plan_of, report_of, run_id_of
from tests.flows.writing.test_roll_back import TEN_SECONDS, plan_file
from tests.publishing.scenes import FLOW, configuration
from tests.timeouts.planning.saved import saved_plan
from timeouts.planning.plan import Plan

THEIRS = SealKeys((SecretBytes(b"of somebody who may write there!"),))


def path_of(name: str) -> Path:
    return Path(default_storage().where(name))


def edit(name: str, change: Callable[[bytes], bytes], *, is_packed: bool = False) -> None:
    """Change the content of a file and leave its seal, as somebody would who has no key."""
    seal, _, content = path_of(name).read_bytes().partition(b"\n")
    changed = packed(change(unpacked(content))) if is_packed else change(content)
    assert changed != content
    path_of(name).write_bytes(seal + b"\n" + changed)


def as_theirs(name: str, content: bytes) -> None:
    """Store a file that is whole, sealed with a key that is not ours."""
    ResultStorage(LocalFileSystem(basepath=str(path_of(name).parent)), keys=THEIRS).write(name, content)


def longer(plan: Plan) -> Plan:
    """A plan that sets 25 s where ours sets 10 s, with a checksum that fits it."""
    text = plan.model_dump_json().replace('"timeout_ms":10000', '"timeout_ms":25000')
    changed = Plan.model_validate_json(text)
    assert changed.checksum != plan.checksum
    return changed


def document_of(plan: Plan) -> bytes:
    return saved_plan(plan, now_ms=now_ms()).model_dump_json().encode()


@pytest.fixture
def warned(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """What runs have warned of."""
    return lambda: "\n".join(each.getMessage() for each in caplog.records if each.levelname == "WARNING")


def applied(named: str) -> State[Any]:
    return apply_plan(named, return_state=True)


def test_a_plan_that_was_planted_with_a_checksum_of_its_own_is_not_applied(
    small_org: Running, dry_run: State[Any]
) -> None:
    plan = longer(plan_of(dry_run))
    path_of(plan_file(plan.checksum)).write_bytes(document_of(plan))

    state = applied(plan.checksum)

    assert state.is_failed()
    assert f"{plan_file(plan.checksum)} carries no seal" in (state.message or "")
    assert "make a new dry run" in (state.message or "")
    assert small_org.org.configuration(FLOW) == configuration()


def test_a_plan_that_is_sealed_with_another_key_is_not_applied(small_org: Running, dry_run: State[Any]) -> None:
    plan = longer(plan_of(dry_run))
    as_theirs(plan_file(plan.checksum), document_of(plan))

    state = applied(plan.checksum)

    assert "is sealed with the key" in (state.message or "")
    assert small_org.org.configuration(FLOW) == configuration()


def test_a_plan_that_was_edited_with_its_checksum_made_anew_is_not_applied(
    small_org: Running, dry_run: State[Any]
) -> None:
    plan = plan_of(dry_run)
    shutil.move(path_of(plan_file(plan.checksum)), path_of(plan_file(longer(plan).checksum)))
    edit(plan_file(longer(plan).checksum), lambda _: document_of(longer(plan)))

    state = applied(longer(plan).checksum)

    assert "is not as it was sealed" in (state.message or "")
    assert small_org.org.configuration(FLOW) == configuration()


def test_a_plan_may_not_be_applied_for_longer_than_it_said(small_org: Running, dry_run: State[Any]) -> None:
    plan = plan_of(dry_run)
    edit(plan_file(plan.checksum), lambda text: json.dumps(json.loads(text) | {"expires_ms": 10**15}).encode())

    assert "is not as it was sealed" in (applied(plan.checksum).message or "")
    assert small_org.org.configuration(FLOW) == configuration()


def test_a_plan_that_is_refused_is_told_from_one_that_is_not_there(small_org: Running, dry_run: State[Any]) -> None:
    plan = plan_of(dry_run)
    path_of(plan_file(plan.checksum)).unlink()
    gone = applied(plan.checksum).message or ""
    path_of(plan_file(plan.checksum)).write_bytes(b"{}")
    refused = applied(plan.checksum).message or ""

    assert f"there is no saved plan {plan.checksum} here" in gone
    assert f"the saved plan {plan.checksum} is refused" in refused
    assert small_org.org.configuration(FLOW) == configuration()


def test_a_record_that_was_edited_puts_nothing_back(small_org: Running) -> None:
    """Somebody writes other values from before into it, with all checksums made anew, so that a roll back sets them."""
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    name = f"genesys-timeouts-run-{run_id_of(done)}-1-before"
    edit(name, lambda text: text.replace(b'"timeout_ms":3000', b'"timeout_ms":1000'))

    back = roll_back(run_id_of(done), mode="apply", return_state=True)

    assert back.is_failed()
    assert f"the record of the run {run_id_of(done)} is refused" in (back.message or "")
    assert f"{name} is not as it was sealed" in (back.message or "")
    assert small_org.org.configuration(FLOW) == configuration(10)


def test_the_record_of_another_run_under_this_runs_name_is_refused(small_org: Running) -> None:
    first = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    second = raise_timeouts(policy=TEN_SECONDS.raise_to(12_000), mode="apply", return_state=True)
    for part in ("before", "entry-0", "end"):
        names = [f"genesys-timeouts-run-{run_id_of(run)}-1-{part}" for run in (first, second)]
        shutil.copy(path_of(names[0]), path_of(names[1]))

    back = roll_back(run_id_of(second), mode="apply", return_state=True)

    assert "moved here from another name" in (back.message or "")
    assert small_org.org.configuration(FLOW) == configuration(12)


@pytest.mark.parametrize("forged", ["skipped", "published", "unchanged"])
@pytest.mark.usefixtures("small_org")
def test_an_outcome_that_was_forged_is_unknown(forged: str, warned: Callable[[], str]) -> None:
    """What was begun may be live: a roll back looks at it, whatever somebody says of it."""
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    name = f"genesys-timeouts-run-{run_id_of(done)}-1-entry-0"
    edit(name, lambda text: text.replace(b'"outcome":"published"', f'"outcome":"{forged}" '.encode()))

    (outcome,) = report_of(done).outcomes

    assert (outcome.outcome, outcome.may_be_live) == ("unknown", True)
    assert f"{name} counts as begun" in warned()
    assert f"{name} is not as it was sealed" in warned()


def test_an_outcome_that_was_forged_keeps_no_roll_back_from_putting_back_what_is_live(small_org: Running) -> None:
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    (outcome,) = report_of(done).outcomes
    skipped = json.dumps({"target": FLOW, "outcome": outcome.turned("skipped", "locked").model_dump(mode="json")})
    path_of(f"genesys-timeouts-run-{run_id_of(done)}-1-entry-0").write_bytes(skipped.encode())

    back = roll_back(run_id_of(done), mode="apply", return_state=True)

    assert back.is_completed(), back.message
    assert small_org.org.configuration(FLOW) == configuration()


def test_an_entry_that_was_deleted_keeps_no_roll_back_from_putting_back_what_is_live(
    small_org: Running, warned: Callable[[], str]
) -> None:
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    path_of(f"genesys-timeouts-run-{run_id_of(done)}-1-entry-0").unlink()

    back = roll_back(run_id_of(done), mode="apply", return_state=True)

    assert back.is_completed(), back.message
    assert small_org.org.configuration(FLOW) == configuration()
    assert "entry-0 counts as begun" in warned()


@pytest.mark.usefixtures("small_org")
@pytest.mark.parametrize("left", ["end", "entry-0"])
def test_a_record_of_which_the_beginning_was_deleted_is_not_whole(left: str) -> None:
    run_id = run_id_of(raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True))
    for name in {"before", "end", "entry-0"} - {left}:
        path_of(f"genesys-timeouts-run-{run_id}-1-{name}").unlink()

    back = roll_back(run_id, mode="apply", return_state=True)

    assert back.is_failed()
    assert f"genesys-timeouts-run-{run_id}-1-before is gone" in (back.message or "")


@pytest.mark.usefixtures("small_org")
def test_a_run_that_was_made_up_is_none_that_can_be_judged_or_rolled_back() -> None:
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    made_up = "0" * 8 + run_id_of(done)[8:]
    for path in list(path_of("any").parent.glob(f"genesys-timeouts-run-{run_id_of(done)}-1-*")):
        content = path.read_bytes().partition(b"\n")[2].replace(run_id_of(done).encode(), made_up.encode())
        path_of(path.name.replace(run_id_of(done), made_up)).write_bytes(content)

    for ended in (roll_back(made_up, mode="apply", return_state=True), effect(made_up, return_state=True)):
        assert f"the record of the run {made_up} is refused" in (ended.message or "")


def test_a_reading_that_was_edited_is_read_anew_and_named(small_org: Running, warned: Callable[[], str]) -> None:
    """Somebody says that a step waits long enough already, so that a raise leaves it out."""
    audit(return_state=True)
    name = KnownReadings(default_storage(), small_org.org.seed.id).name
    edit(name, lambda text: text.replace(b'"timeout_ms":3000', b'"timeout_ms":30000'), is_packed=True)

    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)

    assert [each.outcome for each in report_of(done).outcomes] == ["published"]
    assert small_org.org.configuration(FLOW) == configuration(10)
    assert f"{name} is not as it was sealed" in warned()


def test_what_is_kept_of_another_org_is_not_taken_for_this_ones(small_org: Running, warned: Callable[[], str]) -> None:
    audit(return_state=True)
    names = [KnownReadings(default_storage(), org).name for org in (small_org.org.seed.id, "another-org")]
    shutil.move(path_of(names[0]), path_of(names[1]))

    assert KnownReadings(default_storage(), "another-org").of([]) == {}
    assert f"{names[1]} is not as it was sealed" in warned()


@pytest.mark.usefixtures("small_org")
def test_whatever_of_an_earlier_version_is_there_is_named_and_the_audit_reads_anew(warned: Callable[[], str]) -> None:
    raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    audit(return_state=True)
    kept = sorted(path_of("any").parent.iterdir())
    for path in kept:
        path.write_bytes(path.read_bytes().partition(b"\n")[2])

    seen = audit(return_state=True)

    assert seen.is_completed(), seen.message
    for kind in ("org", "readings", "ours", "clients", "audit"):
        assert f"genesys-timeouts-{kind}-" in warned()
    assert "carries no seal: an earlier version wrote it" in warned()
    drift = report_of(seen).drift
    assert drift is not None
    assert drift.note.startswith("What the last audit saw is refused: genesys-timeouts-audit-")


@pytest.mark.usefixtures("small_org")
def test_a_record_from_before_a_run_ended_is_taken_for_its_last_word() -> None:
    """What a seal cannot tell: an older file under its own name. Of a record it says less, and never more."""
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    name = f"genesys-timeouts-run-{run_id_of(done)}-1-entry-0"
    default_storage().write(name, json.dumps({"target": FLOW}).encode())  # as it was when the publish was begun

    assert [(each.outcome, each.may_be_live) for each in report_of(done).outcomes] == [("unknown", True)]


def test_a_pickle_that_another_key_sealed_is_refused_before_it_is_looked_at() -> None:
    as_theirs("genesys-timeouts-run-run-1-1-before", b"\x80\x04.")

    with pytest.raises(NoRecordError, match="is sealed with the key"):
        kept_report(default_storage(), "run-1")


@pytest.mark.usefixtures("small_org")
def test_a_run_that_ends_by_an_error_leaves_nothing_that_is_not_sealed() -> None:
    state = roll_back("no-such-run", return_state=True)

    assert state.is_failed()
    assert "NoRecordError: there is no run and no plan called no-such-run here" in (state.message or "")
    folder = path_of("any").parent
    assert [each.name for each in folder.glob("*") if not each.name.startswith("genesys-timeouts-")] == []
