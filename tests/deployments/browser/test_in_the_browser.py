"""What people do in Prefect's UI, done in a browser: start, approve, read, retry.

On SQLite and one worker, as `make serve` brings it up. The requirements stand in the order of a working day, and each
finds the org as the one before has left it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect

from tests.deployments.browser.browsing import Browser, browsing
from tests.deployments.served import Json, Served

pytestmark = pytest.mark.timeout(600)

RUN_PAGE = re.compile(r"/runs/flow-run/([0-9a-f-]{36})")


@pytest.fixture(scope="module")
def browser(on_sqlite: Served) -> Iterator[Browser]:
    with browsing(on_sqlite.address, on_sqlite.password) as found:
        yield found


def open_form(browser: Browser, served: Served, name: str) -> None:
    """Open the run form of a deployment."""
    browser.open(f"/deployments/deployment/{served.deployment(name)['id']}/run")
    expect(browser.page.get_by_role("button", name="Submit")).to_be_visible()


def start(browser: Browser, button: Locator, in_menu: Locator | None = None) -> str:
    """Press what starts a run, and open the page of the run; gives its id."""
    browser.press(button, asks_for="/create_flow_run", in_menu=in_menu)
    browser.page.get_by_role("button", name="View run").last.click()  # it is there twice, one over the other
    expect(browser.page).to_have_url(RUN_PAGE)
    found = RUN_PAGE.search(browser.page.url)
    assert found is not None
    return found[1]


def runs_of(served: Served, name: str) -> list[Json]:
    """List the runs of a deployment that somebody started."""
    deployment = served.deployment(name)["id"]
    found: list[Json] = served.post("/flow_runs/filter", {"deployments": {"id": {"any_": [deployment]}}})
    return [run for run in found if not run["auto_scheduled"]]


def block(served: Served, name: str) -> Json:
    """Refer to the credentials of this name."""
    found = served.get(f"/block_types/slug/genesys-cloud-credentials/block_documents/name/{name}")
    return {"$ref": {"block_document_id": found["id"]}}


def test_the_nightly_audit_shows_its_schedule_and_is_started_from_the_list_of_deployments(
    on_sqlite: Served, browser: Browser
) -> None:
    page = browser.page
    browser.open("/deployments")
    nightly = page.get_by_role("row").filter(has=page.get_by_role("link", name="audit-nightly"))
    menu = nightly.get_by_role("button").last
    menu.click()
    expect(page.get_by_text("Quick run")).to_be_visible()
    browser.picture("deployments")
    run_id = start(browser, page.get_by_text("Quick run"), in_menu=menu)

    browser.open(f"/deployments/deployment/{on_sqlite.deployment('audit/audit-nightly')['id']}")
    page.get_by_text("nightly", exact=True).hover()
    expect(page.get_by_text("At 02:30 AM every day (Europe/Berlin)")).to_be_visible()
    browser.picture("schedule")
    browser.open(f"/runs/flow-run/{run_id}")
    browser.wait_for_state("Completed")
    assert on_sqlite.published() == []


def test_a_wrong_duration_is_refused_with_the_reason_before_a_run_starts(on_sqlite: Served, browser: Browser) -> None:
    open_form(browser, on_sqlite, "raise-timeouts/raise")
    expect(browser.chosen("org")).to_have_text("writer")
    browser.picture("run-form")

    browser.fill("At Least", "10")
    browser.press(browser.page.get_by_role("button", name="Submit"), asks_for="/create_flow_run")
    expect(browser.page.get_by_text("'10' does not match '^(such as 10s, 1m30s, evidence)").last).to_be_visible()
    browser.field("At Least").scroll_into_view_if_needed()
    browser.picture("refused-duration")

    assert runs_of(on_sqlite, "raise-timeouts/raise") == []


def test_a_run_does_what_its_form_says(on_sqlite: Served, browser: Browser) -> None:
    open_form(browser, on_sqlite, "raise-timeouts/raise")
    browser.choose("org", "audit")
    browser.fill("Name", "12s for bookings")
    browser.fill("At Least", "12s")
    browser.fill("Step", "Book*")
    run_id = start(browser, browser.page.get_by_role("button", name="Submit"))

    given = on_sqlite.run(run_id)["parameters"]
    assert (given["org"], given["mode"]) == (block(on_sqlite, "audit"), "dry run")
    (rule,) = given["policy"]["rules"]
    assert (rule["name"], rule["at_least"]) == ("12s for bookings", "12s")
    assert {field: value for field, value in rule["match"].items() if value is not None} == {"step": "Book*"}
    browser.wait_for_state("Completed")
    assert on_sqlite.published() == []


@dataclass(frozen=True)
class Approved:
    """A plan that was approved in the UI: what its two dialogs asked, and the text behind the link to the plan."""

    run_id: str
    asked: str
    plan: str
    asked_again: str
    published_before: list[str]


@pytest.fixture(scope="module")
def approved(on_sqlite: Served, browser: Browser) -> Approved:
    """A plan that Bo Lindqvist asks for and Ana Duarte approves; at first Bo tries to do that himself."""
    page = browser.page
    open_form(browser, on_sqlite, "raise-approved/raise-approved")
    browser.fill("asked_by", "Bo Lindqvist")
    run_id = start(browser, browser.page.get_by_role("button", name="Submit"))
    browser.wait_for_state("Suspended")

    dialog = open_dialog(browser)
    asked = dialog.inner_text()
    browser.picture("approval")
    with page.context.expect_page() as opened:
        dialog.get_by_role("link", name="every row of the plan").click(modifiers=["Control"])
    expect(opened.value.get_by_role("heading", name="Steps")).to_be_visible()
    plan = opened.value.locator("article").filter(has_text="To approve it").inner_text()
    opened.value.close()
    request = on_sqlite.request(run_id)
    for decision in ("ask", "approve"):
        answer(browser, dialog, **on_sqlite.signed("bo", decision, request))
        browser.wait_for_state("Suspended")
        dialog = open_dialog(browser)
    asked_again = dialog.inner_text()
    browser.picture("refused-signature")
    before = on_sqlite.published()
    answer(browser, dialog, **on_sqlite.signed("ana", "approve", request, "Agreed in the change meeting"))
    browser.wait_for_state("Completed")
    browser.picture_of_run("approved-run")
    return Approved(run_id, asked, plan, asked_again, before)


def open_dialog(browser: Browser) -> Locator:
    """Open the dialog of a suspended run."""
    dialog = browser.page.get_by_role("dialog")
    browser.page.get_by_role("button", name="Resume").click()
    expect(browser.field("Decision")).to_be_visible()
    return dialog


def answer(browser: Browser, dialog: Locator, **given: str) -> None:
    """Fill in the dialog of an approval, and send it."""
    browser.choose("Decision", given["decision"])
    browser.fill("Signature", given["signature"])
    browser.fill("Note", given["note"])
    browser.press(dialog.get_by_role("button", name="Submit"), asks_for="/resume")
    expect(browser.state()).not_to_have_text("Suspended")


def test_the_dialog_says_who_asks_and_what_and_leads_to_every_row_of_the_plan(
    on_sqlite: Served, approved: Approved
) -> None:
    said = "Bo Lindqvist (name as typed) asks, in Grünwald & Söhne (demo), to change 22 steps in 17 Architect flows."

    assert said in approved.asked
    assert "0 of 2 signatures." in approved.asked
    assert f"genesys-timeouts approver sign ask {on_sqlite.request(approved.run_id).text}" in approved.asked
    assert said in approved.plan
    assert approved.plan.count("at least 10s") == 22


def test_who_asks_cannot_approve_and_the_form_says_so_with_who_has_signed(approved: Approved) -> None:
    assert "Refused: Bo Lindqvist has signed already (ask): somebody else has to" in approved.asked_again
    assert "1 of 2 signatures: Bo Lindqvist asked." in approved.asked_again
    assert approved.published_before == []


def test_the_second_signature_publishes_the_plan(on_sqlite: Served, approved: Approved) -> None:
    assert len(on_sqlite.published()) == 17
    assert on_sqlite.record(approved.run_id)["outcomes"]["Architect flows published"] == 17


@pytest.fixture
def open_artifact(browser: Browser, approved: Approved) -> Callable[[str], None]:
    """Open what the approved run has left, the way people do: the list, its history, the newest version."""

    def opened(what: str) -> None:
        browser.open("/artifacts")
        browser.page.get_by_placeholder("Search artifacts").fill(what)
        browser.page.get_by_text(re.compile(rf"^{what}-grunwald")).first.click()
        expect(browser.page).to_have_url(re.compile("/artifacts/key/"))
        browser.page.get_by_role("link", name=re.compile("^[0-9a-f]{8}$")).first.click()
        expect(browser.page).to_have_url(re.compile("/artifacts/artifact/"))

    assert approved.run_id
    return opened


def test_the_table_of_what_changed_is_searched_and_shows_before_and_after(
    browser: Browser, open_artifact: Callable[[str], None]
) -> None:
    open_artifact("timeouts-verified")
    expect(browser.page.get_by_text("22 Items")).to_be_visible()

    browser.page.get_by_placeholder("Search...").fill("Gewährleistung")

    expect(browser.page.get_by_text("1 of 22 Items")).to_be_visible()
    row = browser.page.get_by_role("row").filter(has_text="Gewährleistung Paris")
    expect(row.get_by_text("literal 4s")).to_be_in_viewport()
    expect(row.get_by_text("literal 10s")).to_be_in_viewport()
    browser.picture("table-searched")


def test_the_summary_is_read_with_its_pictures(browser: Browser, open_artifact: Callable[[str], None]) -> None:
    open_artifact("timeouts-summary")

    expect(browser.page.get_by_role("heading", name="Call Data Action timeouts of")).to_be_visible()
    browser.picture("summary")
    picture = browser.page.locator("article img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_in_viewport()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 300")
    browser.picture("summary-picture")


def test_a_failed_run_is_retried_and_publishes_exactly_what_is_missing(
    on_sqlite: Served, browser: Browser, approved: Approved
) -> None:
    assert approved.run_id
    on_sqlite.forget_calls()
    publish = {"method": "POST", "path": "/api/v2/flows/actions/publish", "nth": 4, "times": 1}
    on_sqlite.control("faults", kind="status", status=400, match=publish)
    open_form(browser, on_sqlite, "raise-timeouts/raise")
    browser.choose("mode", "apply")
    browser.fill("At Least", "12s")
    run_id = start(browser, browser.page.get_by_role("button", name="Submit"))
    browser.wait_for_state("Failed")
    browser.picture_of_run("failed-run", tab="Details")
    first = on_sqlite.published()
    on_sqlite.org.delete("/simulator/faults").raise_for_status()
    on_sqlite.forget_calls()

    dialog = browser.page.get_by_role("dialog")
    browser.page.get_by_role("button", name="Retry").click()
    browser.press(dialog.get_by_role("button", name="Retry"), asks_for="/set_state")
    browser.wait_for_state("Completed")
    browser.picture_of_run("retried-run")

    assert on_sqlite.published() == [first[3]]
    assert run_id
