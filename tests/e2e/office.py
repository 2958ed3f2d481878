"""People at their browsers: signing in once, moving through the chain, and every complaint of the browser kept."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Response, expect

from registry.demo.accounts import PASSWORD

EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 4")
"""Chromium says so of pages that answer 403, 404 or 422; of scripts and styles it is held against them below."""

FRESH = 600
"""Seconds one signing in is used for: after a quarter of an hour final decisions ask for the password again."""

PROOF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""A scan as small as they come."""


PATIENCE = 40_000
"""Milliseconds to wait for anything: a machine that does three things at once is slow, and no less right."""
expect.set_options(timeout=PATIENCE)


@dataclass
class Office:
    """Opens browsers for demo accounts; `complaints` holds console errors, CSP violations and failed parts of pages."""

    url: str
    new_context: Callable[..., BrowserContext]
    states: dict[str, dict]
    complaints: list[str] = field(default_factory=list)

    def page(self, username: str | None = None, **options) -> Page:
        """A page of a fresh context, signed in as that user (the form is filled in once in a while), or signed out."""
        if username and time.monotonic() - self.states.get(username, {}).get("at", -FRESH) >= FRESH:
            page = self._watched(self.new_context())
            self.sign_in(page, username)
            self.states[username] = {"at": time.monotonic(), "state": page.context.storage_state()}
            page.context.close()
        return self._watched(
            self.new_context(storage_state=self.states[username]["state"] if username else None, **options)
        )

    def sign_in(self, page: Page, username: str) -> None:
        """Fill in the form of the sign-in page."""
        page.goto(f"{self.url}/login/")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("button", name="退出")).to_be_visible()

    def go(self, page: Page, path: str) -> Response:
        """Open an address of the portal."""
        response = page.goto(self.url + path)
        assert response is not None
        return response

    def _watched(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._response)
        page.on("dialog", self._dialog)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _response(self, response: Response) -> None:
        part = response.request.resource_type != "document" and response.status >= 400
        if part or response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"a native dialog: {dialog.message}")
        dialog.dismiss()


def notice(page: Page) -> str:
    """What the page says of the last action."""
    return page.locator("[data-notice]").first.inner_text()


def open_move(page: Page, label: str):
    """Open a decision from the action bar; returns its dialog."""
    page.get_by_role("region", name="审核操作").get_by_role("link", name=f"{label}…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def decide(page: Page, label: str, confirm: str, note: str = "", **figures: object) -> str:
    """Take one decision in its dialog; returns what the next page says."""
    dialog = open_move(page, label)
    for words, value in figures.items():
        dialog.get_by_label(words).fill(str(value))
    if note:
        dialog.get_by_label("说明").fill(note)
    dialog.get_by_role("button", name=confirm).click()
    expect(page.locator("[data-notice]").first).to_be_visible()
    return notice(page)


def download(page: Page, button: str, folder: Path, name: str) -> Path:
    """Press a button that hands out a file; returns where it was saved."""
    with page.expect_download() as caught:
        page.get_by_role("button", name=button).click()
    target = folder / name
    caught.value.save_as(target)
    return target
