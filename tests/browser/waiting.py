"""Waits for conditions, never for a time."""

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.server import App

PAGE_MS = 60_000
"""A page is drawn within this time, on a busy machine too."""
TITLES = {
    "": "What is here, and can I trust it?",
    "dataset": "What is in the data, and what is wrong with it?",
    "training": "Make a model, and see it learn",
    "evaluation": "How good is it really",
    "live": "It sees me",
}
"""Path of each page, and how its title begins."""


def open_page(page: Page, app: App, path: str = "", query: str = "") -> None:
    """Go to a page of the app, wait until all of it is drawn, and see that it did not fail."""
    page.goto(f"{app.url}/{path}{query}")
    expect(page.get_by_role("heading", level=1, name=TITLES[path])).to_be_visible(timeout=PAGE_MS)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=PAGE_MS)
    assert page.get_by_test_id("stException").all_inner_texts() == []


def wait_until(page: Page, condition: Callable[[], bool], *, within_s: float, what: str) -> float:
    """Wait for a condition that is looked at from Python; gives the seconds it took.

    Raises:
        AssertionError: it did not come true in time.
    """
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < within_s, f"expected {what} within {within_s:g} s"
        page.wait_for_timeout(50)
    return time.monotonic() - started


def press_check(page: Page) -> None:
    """Press *Check the connection*, in a list that opens by itself where a part is found to be in the way."""
    button = page.get_by_role("button", name="Check the connection")
    listed = page.locator("details", has_text="Connection check")

    def opened() -> bool:
        if listed.get_attribute("open") is None:
            listed.locator("summary").click()
        return button.is_visible()

    wait_until(page, opened, within_s=PAGE_MS / 1000, what="the list of the connection check")
    button.click()
