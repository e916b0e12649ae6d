"""Signing in on the pages: nothing where no provider is configured, a button, and who somebody is."""

from collections.abc import Callable

import pytest
import streamlit as st
from streamlit.errors import StreamlitAuthError
from streamlit.testing.v1 import AppTest

from fer_core.ui import identity, roles
from tests.pages.conftest import APP, PAGE_S

OpenPage = Callable[..., AppTest]
PROXY = [("Host", "studio.example.org"), ("X-Forwarded-For", "203.0.113.9")]
ANNA = {"is_logged_in": True, "email": "anna@example.org", "email_verified": True, "name": "Anna [*x*](y)"}


@pytest.fixture
def behind_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "server_address", lambda: "localhost")
    monkeypatch.setattr(roles, "request_headers", lambda: PROXY)
    monkeypatch.setattr(identity, "providers", lambda: [None])
    monkeypatch.setenv("FER_OWNERS", "Anna@example.org")


@pytest.fixture
def training(behind_proxy: None) -> Callable[..., AppTest]:
    """Open the training page as somebody with these claims."""

    def open_as(**claims: object) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=PAGE_S)
        app.user = claims
        app.switch_page("pages/training.py")
        return app.run()

    return open_as


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


@pytest.mark.parametrize("page", ["overview", "training"])
def test_pages_show_nothing_of_signing_in_where_the_host_has_no_provider(page: str, open_page: OpenPage):
    app = open_page(page)
    assert not app.exception
    assert [label for label in labels(app) if "ign" in label] == []


def test_who_has_not_signed_in_behind_a_proxy_is_a_viewer_with_a_button(training: Callable[..., AppTest]):
    app = training()
    assert "Sign in" in labels(app)
    assert "Start training" not in labels(app)


def test_an_owner_who_signed_in_behind_a_proxy_may_start_a_training(training: Callable[..., AppTest]):
    app = training(**ANNA)
    assert "Start training" in labels(app)
    assert "Sign out" in labels(app)
    assert [text.value for text in app.text][:1] == ["Anna [*x*](y)\nanna@example.org"]
    assert [popover.proto.popover.label for popover in app.get("popover")][:1] == [r"Anna \[\*x\*\]\(y\)"]


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"email_verified": False}, "does not say that it is verified"),
        ({"email": "bert@example.org"}, "you may look at everything"),
        ({"email": None}, "names no e-mail address"),
    ],
)
def test_who_signed_in_and_is_no_owner_reads_why(claims: dict[str, object], reason: str, training: Callable[..., AppTest]):
    app = training(**(ANNA | claims))
    assert "Start training" not in labels(app)
    assert any(reason in caption.value for caption in app.caption)


def test_each_of_several_providers_has_a_button(training: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(identity, "providers", lambda: ["google", "work"])
    assert [label for label in labels(training()) if label.startswith("With")] == ["With google", "With work"]


def test_a_secret_that_can_be_guessed_signs_nobody_in(training: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(identity, "has_weak_secret", lambda: True)
    assert "Start training" not in labels(training(**ANNA))
    app = training()
    next(button for button in app.button if button.label == "Sign in").click().run()
    assert "Expected a cookie_secret of at least 24 letters" in app.error[0].value


def test_an_auth_section_that_is_not_complete_is_named_with_its_remedy(
    training: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
):
    def refuse(_: object) -> None:
        raise StreamlitAuthError('missing the "redirect_uri" key.')

    monkeypatch.setattr(st, "login", refuse)
    app = training()
    next(button for button in app.button if button.label == "Sign in").click().run()
    assert "Expected a complete [auth] section" in app.error[0].value
    assert 'missing the "redirect_uri" key. docs/share.md' in app.error[0].value
