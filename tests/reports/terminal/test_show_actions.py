"""What a run on both levers looks like in a terminal, and as a page."""

import pytest

from reports.markdown.summary import markdown_summary
from reports.page.page import html_report
from tests.reports.made import made, printed
from tests.reports.org_with_actions import REPORTS, report
from tests.reports.view_readers import Page
from tests.timeouts import org_of_actions
from tests.timeouts.conftest import action, inventory
from timeouts.model.evidence import ActionEvidence, Evidence


def test_an_audit_without_figures_says_why() -> None:
    without = report("read only", Evidence(asked_days=7, problem="403 [no]"))

    said = " ".join(printed(without, 120).split())
    assert said.count("The figures of the last 7 days could not be read, so rules that go by them change nothing") == 1
    assert said.count("403 [no]") == 1


def test_an_action_without_a_limit_is_not_said_to_have_one() -> None:
    figures = Evidence(
        asked_days=1, covered_days=1, actions=(ActionEvidence(action_id="a", calls=7, mean_ms=9, max_ms=9),)
    )

    said = printed(made(inventory([], [], [action("a", name="Book")], evidence=figures)))

    assert "none" in next(line for line in said.splitlines() if " Book " in line)


@pytest.mark.parametrize("name", REPORTS)
def test_the_page_is_self_contained(name: str) -> None:
    page = Page(html_report(REPORTS[name]))

    assert "script" not in page.tags
    assert page.addresses
    assert all(address.startswith("data:image/svg+xml;base64,") for address in page.addresses)


def test_names_are_text_on_the_page_whatever_they_hold() -> None:
    odd = REPORTS["actions_audit"].org.model_copy(update={"name": "<b onload=alert(1)>Grünwald & Söhne</b>"})
    page = Page(html_report(REPORTS["actions_audit"].model_copy(update={"org": odd})))

    assert "b" not in page.tags[: page.tags.index("h1") + 2]
    assert "<b onload=alert(1)>Grünwald & Söhne</b>" in page.text


def test_the_page_shows_whom_it_affects_what_it_costs_and_what_became_of_it() -> None:
    page = Page(html_report(REPORTS["actions_applied"]))

    for told in (
        "What waiting costs",
        "All actions",
        "the platform does not take the draft: no zip; the limit is as it was",
        "in the worst case 1.19 data actions run at once",
    ):
        assert told in page.text
    assert page.text.count("Main | line") >= 3


def test_who_puts_a_limit_back_reads_which_waits_were_not_read_again() -> None:
    plan = org_of_actions.plan()
    told = "Only the Architect flows that the run published were read again"
    back = made(org_of_actions.INVENTORY, plan.model_copy(update={"undoes": plan.checksum}))

    assert told in printed(back, 200)
    assert told in markdown_summary(back, {})
    assert told in Page(html_report(back)).text
    assert told not in printed(report("dry run"), 200)
