"""Prefect's UI as a person uses it: Debian's Chromium without a window, driven by Playwright."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

PATIENCE_MS = 150_000  # for what a worker does; the machine may be busy with other tests
_LOADING_MS = 90_000
_PRESSES = 8
_CLOSE_OLD_MESSAGES = """() => {
    const old = [...document.querySelectorAll('.p-toast__card')].filter(each => /Oops/.test(each.textContent));
    old.forEach(each => each.querySelector('.p-toast__close-btn').click());
}"""
"""Those of presses that had to be repeated."""

_OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
_WITHOUT_GRAPHS = ("--disable-3d-apis",)
"""Prefect draws its graph of a run with WebGL: without a GPU, a core is busy as long as the page is open."""


@dataclass(frozen=True, slots=True)
class Browser:
    """One window on Prefect's UI at `address`; pictures are taken only where `pictures` names a folder."""

    page: Page
    address: str
    pictures: Path | None

    def log_in(self, password: str) -> None:
        """Return the password that the UI asks for on its first page."""
        self.open("/")
        self.page.locator("input[type=password]").fill(password)
        self.page.get_by_role("button", name="Login").click()
        expect(self.page).not_to_have_url(re.compile("/login"))

    def open(self, path: str) -> None:
        """Open a page of the UI."""
        self.page.goto(f"{self.address}{path}")

    def field(self, label: str) -> Locator:
        """Find a field of a form by the words that its label begins with: Name is not Named."""
        begins = re.compile(rf"^{re.escape(label)}\b")
        labels = self.page.locator(".schema-form-property__label", has_text=begins)
        return self.page.locator(".schema-form-property").filter(has=labels).last

    def fill(self, label: str, text: str) -> None:
        """Type a text into a field."""
        self.field(label).locator("textarea").fill(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from the list of a field."""
        self._pick(self.field(label).locator(".p-select-button").last, option)
        expect(self.chosen(label)).to_have_text(option)

    def chosen(self, label: str) -> Locator:
        """Find what is chosen in a field."""
        return self.field(label).locator(".p-select-button__value").last

    def press(self, button: Locator, *, asks_for: str, in_menu: Locator | None = None) -> None:
        """Press a button that asks the server to do something, whose address ends so; again where it is busy.

        On SQLite a write is refused at once while another one is going on (docs/measured.md#sqlite); the UI says that
        something went wrong, and a person presses again. `in_menu`: what opens the menu that the button is in, which
        closes with each press.
        """
        for _ in range(_PRESSES):
            if in_menu is not None and not button.is_visible():
                in_menu.click()
            with self.page.expect_response(lambda answer: answer.url.endswith(asks_for)) as answered:
                button.click()
            if answered.value.status != HTTPStatus.SERVICE_UNAVAILABLE:
                return
        raise AssertionError(f"the server was busy {_PRESSES} times: {answered.value.url}")

    def wait_for_state(self, name: str) -> None:
        """Wait until the run whose page is open shows this state."""
        expect(self.state()).to_have_text(name, timeout=PATIENCE_MS)

    def state(self) -> Locator:
        """Find the state of the run whose page is open."""
        return self.page.locator(".state-badge").first

    def picture_of_run(self, name: str, tab: str = "Logs") -> None:
        """Keep the page of a run for the documentation: with the end of its log, or its message among the details."""
        if self.pictures is None:
            return
        self.page.reload()
        self.page.locator(".p-tab").get_by_text(tab, exact=True).click()
        for order in self.page.locator(".p-select-button", has_text="Oldest to newest").all():
            self._pick(order, "Newest to oldest")
        for message in self.page.get_by_text("State Message").all():
            message.locator("xpath=..").scroll_into_view_if_needed()
        self.page.mouse.move(0, 0)
        self.page.wait_for_timeout(3_000)  # the timeline is drawn on a canvas, which does not say when it is done
        self.picture(name)

    def picture(self, name: str) -> None:
        """Keep what is seen now for the documentation; does nothing in an ordinary run of the tests."""
        if self.pictures is None:
            return
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(_CLOSE_OLD_MESSAGES)
        self.page.screenshot(path=self.pictures / f"{name}.png", animations="disabled")

    def _pick(self, button: Locator, option: str) -> None:
        button.locator(".p-select-button__icon").click()  # a click on its text opens the list and closes it again
        self.page.locator(".p-select-option").get_by_text(option, exact=True).click()


@contextmanager
def browsing(address: str, password: str) -> Iterator[Browser]:
    """Open a window and log in, for as long as the block lasts.

    GENESYS_TIMEOUTS_SCREENSHOTS names a folder for pictures.
    """
    chromium = shutil.which("chromium")
    assert chromium, "no Chromium: sh deployments/test-packages.sh says what to install"
    kept = os.environ.get("GENESYS_TIMEOUTS_SCREENSHOTS")
    pictures = Path(kept) if kept else None
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=_OPTIONS if pictures else [*_OPTIONS, *_WITHOUT_GRAPHS]
        )
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, timezone_id="Europe/Berlin", locale="en-GB"
        )
        context.set_default_timeout(_LOADING_MS)
        expect.set_options(timeout=_LOADING_MS)
        try:
            found = Browser(context.new_page(), address, pictures)
            found.log_in(password)
            yield found
        finally:
            browser.close()
