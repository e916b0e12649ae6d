"""The app as a host serves it: behind Caddy with deploy/Caddyfile, over https, in a real browser."""

import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import pytest
from playwright.sync_api import Browser, Page, expect

from fer_core.ui.upload_guard import FILE_BYTES
from tests.browser.caddy import find_caddy, free_port, run_caddy, trusting_everybody
from tests.browser.camera import face_frame
from tests.browser.provider import OWNER, Provider, run_provider
from tests.browser.server import App, open_context, run_app
from tests.browser.video import frames_go_on, start
from tests.browser.waiting import TITLES, open_page

pytestmark = pytest.mark.skipif(
    find_caddy() is None and not os.environ.get("CI"), reason="no Caddy on this machine; install the system's package caddy"
)
PAGE_MS = 30_000
WATCH = """window.refused = [];
document.addEventListener('securitypolicyviolation', event => {
  window.refused.push(event.violatedDirective + ' ' + event.blockedURI);
});
"""
PUT = """async ([url, size]) => {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(size)]), 'file.bin');
  const token = document.cookie.split('; ').find(part => part.startsWith('_streamlit_xsrf=')).slice('_streamlit_xsrf='.length);
  try {
    return (await fetch(url, {method: 'PUT', body: form, headers: {'X-Xsrftoken': token}})).status;
  } catch (error) {
    return String(error);
  }
}"""


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with run_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def site(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app under Caddy's address, with an owner who can sign in."""
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    provider.write_secrets(folder / "secrets.toml", app=f"https://localhost:{port}")
    variables = {"STREAMLIT_SECRETS_FILES": str(folder / "secrets.toml"), "FER_OWNERS": OWNER}
    with (
        run_app(folder, script="serve.py", **variables) as app,
        run_caddy(folder, port=port, app_port=int(app.url.rpartition(":")[2])) as url,
    ):
        yield replace(app, url=url)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = open_context(browser, ignore_https_errors=True)
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


def sign_in(page: Page, provider: Provider) -> None:
    provider.claims = {"email": OWNER, "email_verified": True, "name": "Anna Example"}
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Anna Example")).to_be_visible(timeout=PAGE_MS)


def refused(page: Page) -> list[str]:
    """What the security policy kept from the page and its frames."""
    return [line for frame in page.frames for line in frame.evaluate("window.refused")]


def upload_address(page: Page, site: App, folder: Path) -> str:
    """Upload a picture as a person does, and give the address that it went to."""
    picture = folder / "face.jpg"
    cv2.imwrite(str(picture), face_frame(0.0))
    open_page(page, site, "live", "?input=picture")
    with page.expect_request(lambda request: "/upload_file/" in request.url and request.method == "PUT") as sent:
        page.locator("input[type=file]").set_input_files(picture)
    expect(page.get_by_text(re.compile("^1 face: "))).to_be_visible(timeout=PAGE_MS)
    return str(sent.value.url).rpartition("/")[0]


def test_every_page_is_whole_under_the_security_policy_and_makes_nobody_the_owner(page: Page, site: App):
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    for path in TITLES:
        open_page(page, site, path)
        assert refused(page) == []
    assert {url.partition("://")[0] for url in sockets} == {"wss"}
    open_page(page, site, "training")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_role("button", name="Start training")).to_have_count(0)


def test_caddy_says_what_only_this_site_may_do_and_keeps_the_inside_inside(site: App):
    with urllib.request.urlopen(site.url, context=trusting_everybody()) as answer:
        headers = answer.headers
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "'wasm-unsafe-eval'" in headers["Content-Security-Policy"]
    assert "'unsafe-eval'" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Server"] is None
    for path in ("_stcore/metrics", "_stcore/agent/interact", "_stcore/agent/openapi.json"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{site.url}/{path}", context=trusting_everybody())


def test_the_owner_signs_in_through_caddy_and_may_start_a_training(page: Page, site: App, provider: Provider):
    open_page(page, site)
    sign_in(page, provider)
    open_page(page, site, "training")
    expect(page.get_by_role("button", name="Start training")).to_be_visible()
    assert refused(page) == []


def test_video_is_live_over_https(page: Page, site: App):
    open_page(page, site, "live")
    frames_go_on(page, start(page))
    assert refused(page) == []


def test_video_is_analysed_in_the_browser_under_the_security_policy(page: Page, site: App):
    open_page(page, site, "live")
    page.get_by_text("In this browser", exact=True).click()
    expect(page.get_by_text("Press START and look into the camera.")).to_be_visible(timeout=PAGE_MS)
    page.get_by_role("button", name="START").click()
    expect(page.locator(".fer-now")).to_have_text("happy", timeout=PAGE_MS)
    assert refused(page) == []


def test_a_viewers_upload_is_bound_and_an_owners_is_not(page: Page, site: App, provider: Provider, tmp_path: Path):
    folder = upload_address(page, site, tmp_path)
    assert page.evaluate(PUT, [f"{folder}/one", 1000]) == 204
    assert page.evaluate(PUT, [f"{folder}/two", FILE_BYTES + 1]) in (413, "TypeError: Failed to fetch")
    assert page.evaluate(PUT, [f"{folder}/three", 1000]) == 204
    open_page(page, site)
    sign_in(page, provider)
    assert page.evaluate(PUT, [f"{upload_address(page, site, tmp_path)}/four", FILE_BYTES + 1]) == 204
