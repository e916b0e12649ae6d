"""A training started, watched and stopped from the page."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import App
from tests.browser.waiting import open_page

START_MS = 90_000
"""TensorFlow is loaded and the first epochs are done, on a busy machine too."""


def start_seed(page: Page, app: App, *, epochs: int) -> None:
    open_page(page, app, "training", "?recipe=seed&data=sample")
    field = page.get_by_role("spinbutton", name="Epochs")
    field.fill(str(epochs))
    field.press("Enter")
    page.get_by_role("button", name="Start training").click()
    expect(page).to_have_url(re.compile("run=.*-seed-"))


def badge(page: Page, state: str) -> Locator:
    return page.get_by_role("heading", name=f"seed {state}")


def test_training_started_from_the_page_draws_its_curve_and_ends(page: Page, owner_app: App):
    start_seed(page, owner_app, epochs=1)
    expect(badge(page, "done")).to_be_visible(timeout=START_MS)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("1 of 1")
    expect(page.get_by_role("button", name="Promote")).to_be_visible()
    run_id = page.url.rpartition("run=")[2].partition("&")[0]
    assert (owner_app.home / "runs" / run_id / "model" / "model.tflite").is_file()


def test_stop_ends_a_training_within_five_seconds(page: Page, owner_app: App):
    start_seed(page, owner_app, epochs=200)
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=START_MS)
    page.get_by_role("button", name="Stop training").click()
    expect(badge(page, "stopp")).to_be_visible()
    expect(badge(page, "stopped")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
