"""Copies of common modules in a report: counted apart from steps, and named where they are not as published."""

from reports.frames.copies import copies_sentence, copy_rows, first_copies, snapshot_warnings
from reports.frames.uses import uses_of
from reports.markdown.summary import markdown_summary
from reports.report import Report
from reports.tables import copies_table, steps_table, tables_of
from tests.reports.made import made, printed
from tests.timeouts.conftest import action, copy_of, inventory, listed, reading, step
from timeouts.inventory import Inventory
from timeouts.model.settings import LiteralTimeout, Suggested
from timeouts.model.steps import Snapshot

S3, S8 = LiteralTimeout(timeout_ms=3_000), LiteralTimeout(timeout_ms=8_000)
MODULE = listed("module-1", "Common login", type="COMMONMODULE")


def org(*snapshots: Snapshot) -> Inventory:
    """An org of one caller with a step of its own, and the module that it embeds."""
    return inventory(
        [MODULE, listed()],
        [reading(step(1, S8), snapshots=snapshots), reading(step(7, S8), of="module-1")],
        [action(), action("only-in-copies"), action("unused")],
    )


def of(*snapshots: Snapshot) -> Report:
    return made(org(*snapshots))


def test_copies_are_counted_apart_from_the_steps() -> None:
    report = of(copy_of(step(7, S3), step(8, Suggested())), copy_of(step(9, S3), of="module-2"))

    assert len(report.steps) == len(steps_table(report).rows()) == 2
    assert len(copy_rows(report)) == len(copies_table(report).rows()) == 3
    assert copies_sentence(report) == (
        "3 copies of steps of common modules in 2 snapshots that 1 Architect flow carries: counted apart from the steps"
    )


def test_where_no_module_is_embedded_nothing_is_said_of_copies() -> None:
    report = of()

    assert (copies_sentence(report), snapshot_warnings(report)) == ("", [])
    assert "timeouts-copies" not in {table.what for table in tables_of(report)}
    assert "copies" not in printed(report) + markdown_summary(report, {}).lower()


def test_an_older_snapshot_is_named_once_with_both_versions_however_often_it_is_embedded() -> None:
    report = of(copy_of(step(7, S3)), copy_of(step(7, S3)))

    (sentence,) = snapshot_warnings(report)

    assert sentence == (
        "1 Architect flow embeds an older version of a common module, which is what callers get: "
        "Support (Common login 3.0, published is 4.0)"
    )


def test_an_older_snapshot_without_steps_is_named_too() -> None:
    assert "Common login 3.0, published is 4.0" in markdown_summary(of(copy_of()), {})


def test_of_many_callers_with_an_older_snapshot_ten_are_named_and_the_others_counted() -> None:
    callers = [listed(f"af-{number}", f"Line {number}") for number in range(12)]
    readings = [reading(of=each.id, snapshots=(copy_of(),)) for each in callers]

    (sentence,) = snapshot_warnings(made(inventory([MODULE, *callers], readings)))

    assert sentence.startswith("12 Architect flows embed an older version of a common module")
    assert (sentence.count("published is 4.0"), sentence.endswith(" and 2 more")) == (10, True)


def test_a_snapshot_as_published_or_of_an_unlisted_module_is_not_named() -> None:
    report = of(copy_of(step(7, S3), version="4.0"), copy_of(step(8, S3), of="elsewhere"), copy_of(version=""))

    assert snapshot_warnings(report) == []
    assert [row.outdated for row in copy_rows(report)] == ["no", "unknown"]


def test_a_snapshot_whose_content_is_not_shown_is_named_in_every_view() -> None:
    report = of(copy_of(of="hidden", is_shown=False))

    (sentence,) = snapshot_warnings(report)

    assert sentence.endswith("what callers wait in it is not known: Support (Common login 3.0)")
    assert sentence in " ".join(printed(report, 400).split())
    assert sentence in markdown_summary(report, {})
    assert report.snapshots[0].is_shown is False


def test_copies_of_older_snapshots_come_first_then_the_shortest_waits() -> None:
    report = of(copy_of(step(1, S3), of="x"), copy_of(step(2, S8)), copy_of(step(3, S3)))

    assert [row.copy.step_id for row in first_copies(report, 2)] == ["node-3", "node-2"]
    assert copies_table(report).rows(most=1)[0]["step"] == "Call CRM 3"


def test_an_action_that_only_copies_call_is_not_said_to_be_unused() -> None:
    uses = {use.action_id: use for use in uses_of(org(copy_of(step(7, S3, "only-in-copies"))))}

    assert (uses["only-in-copies"].steps, uses["only-in-copies"].copies, uses["only-in-copies"].note) == (0, 1, "")
    assert uses["unused"].note == "no Architect flow uses it"
