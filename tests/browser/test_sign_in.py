"""Signing in with a real browser and a real provider on loopback, under a name of this machine that makes nobody the owner."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.provider import OWNER, Provider, run_provider
from tests.browser.server import App, run_app
from tests.browser.waiting import open_page

PAGE_MS = 30_000
ANNA = {"email": OWNER, "email_verified": True, "name": "Anna Example"}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with run_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def hosted(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app with a name of its own, which the browser knows to be this machine."""
    folder = tmp_path_factory.mktemp("hosted")
    provider.write_secrets(folder / "secrets.toml", app="http://studio.localhost:{port}")
    variables = {"STREAMLIT_SECRETS_FILES": str(folder / "secrets.toml"), "FER_OWNERS": OWNER}
    with run_app(folder, **variables) as app:
        yield replace(app, url=app.url.replace("127.0.0.1", "studio.localhost"))


def sign_in(page: Page, provider: Provider, **claims: object) -> None:
    provider.claims = claims
    page.get_by_role("button", name="Sign in").click()


def test_an_owner_signs_in_and_out(page: Page, hosted: App, provider: Provider):
    open_page(page, hosted, "training")
    expect(page.get_by_role("button", name="Start training")).to_have_count(0)
    sign_in(page, provider, **ANNA)
    who = page.get_by_role("button", name="Anna Example")
    expect(who).to_be_visible(timeout=PAGE_MS)
    open_page(page, hosted, "training")
    expect(page.get_by_role("button", name="Start training")).to_be_visible()
    signed_out = provider.signed_out
    who.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=PAGE_MS)
    assert provider.signed_out == signed_out + 1
    open_page(page, hosted, "training")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_role("button", name="Start training")).to_have_count(0)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        (ANNA | {"email_verified": False}, "does not say that it is verified"),
        (ANNA | {"email": "bert@example.org"}, "you may look at everything"),
    ],
    ids=["not verified", "not an owner"],
)
def test_who_is_no_owner_signs_in_as_a_viewer_and_reads_why(
    page: Page, hosted: App, provider: Provider, claims: dict[str, object], reason: str
):
    open_page(page, hosted)
    sign_in(page, provider, **claims)
    page.get_by_role("button", name="Anna Example").click(timeout=PAGE_MS)
    expect(page.get_by_text(re.compile(reason))).to_be_visible()
    open_page(page, hosted, "training")
    expect(page.get_by_role("button", name="Anna Example")).to_be_visible()
    expect(page.get_by_role("button", name="Start training")).to_have_count(0)


def test_a_cookie_that_nobody_signed_signs_nobody_in(page: Page, hosted: App, provider: Provider):
    open_page(page, hosted)
    sign_in(page, provider, **ANNA)
    expect(page.get_by_role("button", name="Anna Example")).to_be_visible(timeout=PAGE_MS)
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    mine = cookies["_streamlit_user"]
    assert mine["httpOnly"]
    middle = len(mine["value"]) // 2
    changed = mine["value"][:middle] + ("A" if mine["value"][middle] != "A" else "B") + mine["value"][middle + 1 :]
    page.context.add_cookies([{**mine, "value": changed}])
    open_page(page, hosted)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_no_secret_of_the_client_reaches_the_log_or_the_page(page: Page, hosted: App, provider: Provider):
    open_page(page, hosted)
    sign_in(page, provider, **ANNA)
    expect(page.get_by_role("button", name="Anna Example")).to_be_visible(timeout=PAGE_MS)
    secrets = re.compile("a-secret-of-the", re.IGNORECASE)
    assert not secrets.search(Path(hosted.log).read_text(errors="replace"))
    assert not secrets.search(page.content())
