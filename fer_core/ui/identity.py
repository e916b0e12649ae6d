"""Who has signed in, as the identity provider says it (OpenID Connect, ``st.login``)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from fer_core.settings import plain_address

_OF_THE_PROVIDER = {"email", "email_verified", "is_logged_in"}
"""What makes somebody an owner comes from the provider's signed token alone."""
_PROVIDER_KEYS = {"client_id", "client_secret", "server_metadata_url"}
COOKIE_SECRET_LETTERS = 24
"""Who can guess the secret that signs the cookie of a sign-in can be anybody; Streamlit takes an empty one."""


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in."""

    name: str
    """As they call themselves; anything, and no proof of anything."""
    email: str
    """Their address in the form in which addresses are compared; empty where the provider names none."""
    is_verified: bool
    """Whether the provider says that the address is theirs."""


def person() -> Person | None:
    """Give the person whose request runs this page; None where they have not signed in, and outside a request."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    mapped = st.get_option("server.trustedUserHeaders").values()
    return person_of(st.user.to_dict(), mapped=mapped, is_guessable=has_weak_secret())


def person_of(claims: Mapping[str, object], *, mapped: Collection[str] = (), is_guessable: bool = False) -> Person | None:
    """Read the provider's claims.

    Args:
        claims: as ``st.user`` has them.
        mapped: names of claims that Streamlit takes from request headers instead (``server.trustedUserHeaders``).
        is_guessable: whether the claims' signature could be anybody's.

    Returns:
        None where nobody has signed in. An address that a header or a guess could have brought is not verified.
    """
    if claims.get("is_logged_in") is not True:
        return None
    email = claims.get("email")
    email = plain_address(email) if isinstance(email, str) else ""
    said = claims.get("email_verified")
    is_forgeable = is_guessable or not _OF_THE_PROVIDER.isdisjoint(mapped)
    is_verified = bool(email) and not is_forgeable and (said is True or said == "true")
    name = claims.get("name")
    return Person(name if isinstance(name, str) and name.strip() else email or "somebody", email, is_verified)


def providers() -> list[str | None]:
    """Name the providers of secrets.toml's ``[auth]`` section, None for the unnamed one; none where there is no section."""
    section = _auth_section()
    named: list[str | None] = [name for name, part in section.items() if isinstance(part, Mapping) and _is_provider(part)]
    return ([None] if _is_provider(section) else []) + named


def has_weak_secret() -> bool:
    """Tell whether the host has chosen a ``cookie_secret`` that can be guessed."""
    return len(str(_auth_section().get("cookie_secret", "x" * COOKIE_SECRET_LETTERS))) < COOKIE_SECRET_LETTERS


def _auth_section() -> Mapping[str, object]:
    try:
        section = st.secrets.get("auth", {})
    except FileNotFoundError:
        return {}
    return section if isinstance(section, Mapping) else {}


def _is_provider(part: Mapping[str, object]) -> bool:
    return bool(_PROVIDER_KEYS & set(part))
