"""Every page, wide and as on a phone, light and dark, for an owner and for a viewer."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from fer_core.files import append_json_line, write_json
from fer_core.runs import create_run
from fer_core.runs.folder import HISTORY_FILE, RUN_FILE, read_document
from tests.browser.server import App, forbidden_imports, open_context, run_app
from tests.browser.waiting import TITLES, open_page

HEIGHT = 1000
STREAMLITS_OWN = re.compile(r"/_stcore/(health|host-config)$")
"""Below a page's path Streamlit looks for these before it looks at the root."""
CHANGES = re.compile(r"\b(start|stop|leave|resume|promote|serve|delete|remove|forget|upload|open|measure|use)\b", re.IGNORECASE)
OVERFLOW = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
  .map(part => part.scrollWidth - part.clientWidth)"""


class Watched:
    """A page, and what went wrong on it."""

    def __init__(self, page: Page, app: App) -> None:
        self.page = page
        self.origin = urlsplit(app.url).netloc
        self.errors: list[str] = []
        self.foreign: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._on_request(request.url))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not STREAMLITS_OWN.search(message.location["url"]):
            self.errors.append(f"{message.text} {message.location['url']}")

    def _on_request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme.startswith(("http", "ws")) and parts.netloc != self.origin:
            self.foreign.append(url)


WATCHED = [(1400, "light", "reduce"), (1400, "dark", "reduce"), (420, "light", "reduce"), (420, "dark", "no-preference")]
"""Width, colours, and whether what moves may move."""


@pytest.fixture(params=WATCHED, ids=lambda p: f"{p[0]} {p[1]}")
def watched(browser: Browser, owner_app: App, request: pytest.FixtureRequest) -> Iterator[Watched]:
    width, scheme, motion = request.param
    options = {"viewport": {"width": width, "height": HEIGHT}, "color_scheme": scheme, "reduced_motion": motion}
    context = open_context(browser, **options)
    yield Watched(context.new_page(), owner_app)
    context.close()


def test_every_page_is_whole_fits_and_imports_nothing_heavy(watched: Watched, owner_app: App):
    for path in TITLES:
        open_page(watched.page, owner_app, path)
        assert watched.page.evaluate(OVERFLOW) == [0, 0], f"/{path} scrolls sideways"
    assert watched.errors == []
    assert watched.foreign == []
    assert forbidden_imports(owner_app) == set()


@pytest.fixture
def viewers_run(viewer_app: App, monkeypatch: pytest.MonkeyPatch) -> str:
    """A finished run with a model, in the viewer's app."""
    monkeypatch.setenv("FER_HOME", str(viewer_app.home))
    run = create_run("seed", "sample", epochs=1)
    line = {"epoch": 1, "loss": 1.0, "accuracy": 0.5, "val_loss": 1.0, "val_accuracy": 0.5}
    append_json_line(run.path / HISTORY_FILE, line | {"learning_rate": 1e-3, "images_per_s": 100.0, "seconds": 1.0})
    write_json(run.path / RUN_FILE, read_document(run.path) | {"state": "done", "data_name": "sample"})
    (run.path / "model").mkdir()
    (run.path / "model" / "model.json").write_text("{}")
    return run.id


@pytest.mark.parametrize("path", list(TITLES))
def test_viewer_finds_nothing_that_changes_anything(page: Page, viewer_app: App, viewers_run: str, path: str):
    for query in ("", f"?run={viewers_run}&recipe=compact&data=sample&model=seed&flag=copies"):
        open_page(page, viewer_app, path, query)
        assert offered_changes(page) == []
        for popover in page.get_by_test_id("stPopoverButton").all():
            popover.click()
            assert offered_changes(page) == []
            page.keyboard.press("Escape")


def offered_changes(page: Page) -> list[str]:
    """Labels of buttons that change something, and of uploads."""
    labels = [label.inner_text() for label in page.locator("button [data-testid=stMarkdownContainer]").all()]
    uploads = page.get_by_test_id("stFileUploader").all_inner_texts()
    return [label for label in labels if CHANGES.search(label)] + uploads


def test_first_link_of_a_process_opens_its_page_in_the_apps_frame(page: Page, tmp_path: Path):
    with run_app(tmp_path) as app:
        open_page(page, app, "training")
        expect(page.get_by_role("link", name="Overview")).to_be_visible()
        expect(page.get_by_test_id("stSidebar")).to_have_count(0)
