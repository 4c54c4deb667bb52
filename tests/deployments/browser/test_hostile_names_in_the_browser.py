"""Names that attack, opened in a real browser: both of Prefect's UIs and our page send nothing to anybody else."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect
from playwright.sync_api import TimeoutError as NotShownError
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings
from pydantic import SecretStr

from flows.record.records import kept_report
from genesys.block import GenesysCloudCredentials
from reports.page.page import html_report
from simulator.server import running
from tasks.storage.results import AUDITS
from tests.deployments.browser.browsing import Browser, browsing
from tests.deployments.served import Json, Served
from tests.environment import wait_for
from tests.flows.conftest import AT_ONCE
from tests.flows.traces.test_hostile_names import WAIVED, hostile_org
from tests.text.hostile import HOST, NAMES

pytestmark = pytest.mark.timeout(600)

UIS = {"the first UI": "", "the second UI": "/v2"}
OF_PREFECT = ("amplitude.com",)
"""Whom the second UI asks about itself, whatever anything is called."""


@dataclass
class WatchedBrowser:
    """A window whose requests to anybody but the server are refused and kept, and whose dialogs are, too."""

    browser: Browser
    gone_to: set[str] = field(default_factory=set)
    dialogs: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.browser.page

    def watch(self) -> None:
        def judge(route: Route) -> None:
            parts = urlsplit(route.request.url)
            if parts.scheme in ("data", "blob", "file") or route.request.url.startswith(self.browser.address):
                route.continue_()
                return
            if not str(parts.hostname).endswith(OF_PREFECT):
                self.gone_to.add(route.request.url)
            route.abort()

        def refuse(dialog: Dialog) -> None:
            self.dialogs.append(dialog.message)
            dialog.dismiss()

        self.page.route("**/*", judge)
        self.page.on("dialog", refuse)

    def has_done_nothing(self) -> bool:
        """Whether what is open now has asked nobody for anything, and leads to nobody."""
        self.page.wait_for_load_state("networkidle")
        leading = "nodes => nodes.map(node => node.href || node.src)"
        addresses = self.page.locator("a[href], img, iframe, script[src]").evaluate_all(leading)
        assert [address for address in addresses if HOST in address] == []
        assert (self.gone_to, self.dialogs) == (set(), [])
        return True


@dataclass(frozen=True)
class Runs:
    """An audit, its page, and a raise that waits for its approval, of an org in which every name attacks."""

    audit: str
    waiting: str
    page: str


@pytest.fixture(scope="module")
def runs(on_sqlite: Served) -> Iterator[Runs]:
    with running(hostile_org()) as org:
        org.org.plan_publish(AT_ONCE)
        reference = block_for(on_sqlite, org.url)
        audited = on_sqlite.ended("audit/audit", org=reference)["id"]
        asked = {"asked_by": NAMES["Markdown image"], "org": reference, "waive": WAIVED}
        rules = [{"name": NAMES["tag"], "at_least": "10s"}]
        waiting = on_sqlite.start("raise-approved/raise-approved", **asked, policy={"rules": rules})
        on_sqlite.wait(waiting, "PAUSED")
        yield Runs(audited, waiting, html_report(kept_report(on_sqlite.storage(AUDITS), audited)))


def block_for(served: Served, url: str) -> Json:
    """Keep credentials of that org on the server; gives what refers to them."""
    login = {PREFECT_API_URL: f"{served.address}/api", PREFECT_API_AUTH_STRING: served.password}
    block = GenesysCloudCredentials(client_id="demo-writer", client_secret=SecretStr("demo-writer-secret"), api_url=url)
    with temporary_settings(login):
        return {"$ref": {"block_document_id": str(block.save("hostile", overwrite=True))}}


@pytest.fixture(scope="module")
def watched(on_sqlite: Served) -> Iterator[WatchedBrowser]:
    with browsing(on_sqlite.address, on_sqlite.password) as browser:
        found = WatchedBrowser(browser)
        found.watch()
        yield found


def artifact(served: Served, run_id: str, what: str) -> str:
    """The path of an artifact of a run."""
    chosen = {"artifacts": {"flow_run_id": {"any_": [run_id]}}, "limit": 200}
    (found,) = [one for one in served.post("/artifacts/filter", chosen) if str(one["key"]).startswith(what)]
    return f"/artifacts/artifact/{found['id']}"


def is_found(search: Locator, text: str, found: Locator) -> bool:
    """Search, and tell whether that finds something soon; a page that is still being set up forgets what is typed."""
    search.fill(text)
    with contextlib.suppress(NotShownError):
        found.wait_for(timeout=10_000)
    return found.is_visible()


@pytest.mark.parametrize("ui", UIS)
@pytest.mark.parametrize("what", ["timeouts-steps", "timeouts-actions"])
def test_a_table(on_sqlite: Served, runs: Runs, watched: WatchedBrowser, ui: str, what: str) -> None:
    watched.browser.open(UIS[ui] + artifact(on_sqlite, runs.audit, what))
    search = watched.page.get_by_placeholder(re.compile("^Search"))
    expect(search).to_be_visible()
    expect(watched.page.get_by_role("cell").first).to_be_visible()
    watched.browser.picture(f"hostile-{what}-{'2' if UIS[ui] else '1'}")
    found = watched.page.get_by_text("Line ![logo] (https: //", exact=False).first
    wait_for(lambda: is_found(search, "![logo]", found), 90.0)

    assert watched.has_done_nothing()


@pytest.mark.parametrize("ui", UIS)
def test_the_summary(on_sqlite: Served, runs: Runs, watched: WatchedBrowser, ui: str) -> None:
    watched.browser.open(UIS[ui] + artifact(on_sqlite, runs.audit, "timeouts-summary"))
    expect(watched.page.get_by_role("heading", name="Call Data Action timeouts of").first).to_be_visible()

    assert watched.has_done_nothing()
    watched.browser.picture(f"hostile-summary-{'2' if UIS[ui] else '1'}")


@pytest.mark.parametrize("ui", UIS)
def test_the_lists_of_artifacts(runs: Runs, watched: WatchedBrowser, ui: str) -> None:
    assert runs
    watched.browser.open(f"{UIS[ui]}/artifacts")
    expect(watched.page.get_by_text("timeouts-summary", exact=False).first).to_be_visible()

    assert watched.has_done_nothing()


@pytest.mark.parametrize("ui", UIS)
def test_the_log_of_a_run(runs: Runs, watched: WatchedBrowser, ui: str) -> None:
    watched.browser.open(f"{UIS[ui]}/runs/flow-run/{runs.audit}")
    expect(watched.page.get_by_text("Finished in state", exact=False).first).to_be_visible()

    assert watched.has_done_nothing()
    watched.browser.picture(f"hostile-log-{'2' if UIS[ui] else '1'}")


@pytest.mark.parametrize("ui", UIS)
def test_the_form_of_an_approval(runs: Runs, watched: WatchedBrowser, ui: str) -> None:
    watched.browser.open(f"{UIS[ui]}/runs/flow-run/{runs.waiting}")
    if UIS[ui]:
        watched.page.get_by_role("button", name="Open menu").click()
    watched.page.get_by_role("menuitem" if UIS[ui] else "button", name="Resume").first.click()
    expect(watched.page.get_by_role("dialog").get_by_text("asks, in", exact=False).first).to_be_visible()

    assert watched.has_done_nothing()
    watched.browser.picture(f"hostile-approval-{'2' if UIS[ui] else '1'}")


@pytest.mark.parametrize("ui", UIS)
def test_the_record_of_an_approval(on_sqlite: Served, runs: Runs, watched: WatchedBrowser, ui: str) -> None:
    watched.browser.open(UIS[ui] + artifact(on_sqlite, runs.waiting, "timeouts-approval"))
    expect(watched.page.get_by_role("heading", name="Approval of a plan for").first).to_be_visible()

    assert watched.has_done_nothing()
    watched.browser.picture(f"hostile-record-{'2' if UIS[ui] else '1'}")


def test_our_page(runs: Runs, watched: WatchedBrowser, tmp_path: Path) -> None:
    (tmp_path / "run.html").write_text(runs.page)
    watched.page.goto((tmp_path / "run.html").as_uri())
    for summary in watched.page.locator("summary").all():
        summary.click()

    expect(watched.page.get_by_text(f"Line ![logo](https://{HOST}/pixel.png) one", exact=True).first).to_be_visible()
    assert watched.has_done_nothing()
    watched.browser.picture("hostile-page")
