"""Signing in, and who has, in the corner of every page's header."""

import re

import streamlit as st
from streamlit.errors import StreamlitAuthError

from fer_core.errors import FerError
from fer_core.settings import load_settings
from fer_core.ui import identity, roles
from fer_core.ui.identity import Person

_LETTERS = 24


def draw() -> None:
    """Offer to sign in, or say who has; nothing at all where the host has configured no provider.

    Raises:
        FerError: the host's ``[auth]`` section is not complete, and somebody wants to sign in.
    """
    ways = identity.providers()
    if not ways:
        return
    somebody = identity.person()
    with st.container(key="who"):
        if somebody is not None:
            _show(somebody)
        elif len(ways) == 1:
            _offer(ways[0], "Sign in", kind="tertiary")
        else:
            with st.popover("Sign in", icon=":material/login:", type="tertiary"):
                for way in ways:
                    _offer(way, f"With {way}" if way else "With the default provider")


def why(somebody: Person) -> str:
    """Say in a sentence what the person may do, and what makes it so."""
    settings = load_settings()
    if roles.is_owner():
        return "You are an owner of this app: you may change what is in it."
    if settings.role == "viewer":
        return "Everybody is a viewer here: this app's host has set it so."
    if identity.has_weak_secret():
        return "You are a viewer: this app's cookie_secret can be guessed, so that nobody's sign-in counts."
    if not somebody.email:
        return "You are a viewer: your provider names no e-mail address, by which owners are known."
    if somebody.email in settings.owners:
        return (
            "You are a viewer: your address is an owner's, but your provider does not say that it is verified. Verify it there."
        )
    return "You are a viewer: you may look at everything and use the live page."


def _offer(way: str | None, label: str, *, kind: str = "secondary") -> None:
    icon = ":material/login:" if kind == "tertiary" else None
    if st.button(label, key=f"sign_in_{way}", icon=icon, type="tertiary" if kind == "tertiary" else "secondary"):
        if identity.has_weak_secret():
            raise FerError(
                f"Expected a cookie_secret of at least {identity.COOKIE_SECRET_LETTERS} letters in secrets.toml, received a "
                "shorter one, with which anybody could sign themselves in. Make one with: openssl rand -hex 32"
            )
        try:
            st.login(way)
        except StreamlitAuthError as error:
            raise FerError(
                f"Expected a complete [auth] section in secrets.toml, received one that cannot be used: {error} "
                "docs/share.md has an example."
            ) from None


def _show(somebody: Person) -> None:
    with st.popover(_plain(somebody.name), icon=":material/account_circle:", type="tertiary"):
        st.text(f"{somebody.name}\n{somebody.email}" if somebody.email != somebody.name else somebody.name)
        st.caption(why(somebody))
        if st.button("Sign out", icon=":material/logout:"):
            st.logout()


def _plain(text: str) -> str:
    """Give the beginning of a text in which no letter means anything to Markdown."""
    short = text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…"
    return re.sub(r"([!-/:-@[-`{-~])", r"\\\1", " ".join(short.split()))
