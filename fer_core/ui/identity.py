"""Who has signed in, as the identity provider says it (OpenID Connect, ``st.login``)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from fer_core.settings import plain_address

_OF_THE_PROVIDER = {"email", "email_verified", "is_logged_in"}
"""What makes somebody an owner comes from the provider's signed token alone."""
_PROVIDER_KEYS = {"client_id", "client_secret", "server_metadata_url"}


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
    return person_of(st.user.to_dict(), mapped=st.get_option("server.trustedUserHeaders").values())


def person_of(claims: Mapping[str, object], *, mapped: Collection[str] = ()) -> Person | None:
    """Read the provider's claims.

    Args:
        claims: as ``st.user`` has them.
        mapped: names of claims that Streamlit takes from request headers instead (``server.trustedUserHeaders``).

    Returns:
        None where nobody has signed in. An address that came with a request header is not verified.
    """
    if claims.get("is_logged_in") is not True:
        return None
    email = claims.get("email")
    email = plain_address(email) if isinstance(email, str) else ""
    said = claims.get("email_verified")
    is_verified = bool(email) and _OF_THE_PROVIDER.isdisjoint(mapped) and (said is True or said == "true")
    name = claims.get("name")
    return Person(name if isinstance(name, str) and name.strip() else email or "somebody", email, is_verified)


def providers() -> list[str | None]:
    """Name the providers of secrets.toml's ``[auth]`` section, None for the unnamed one; none where there is no section."""
    try:
        section = st.secrets.get("auth", {})
    except FileNotFoundError:
        return []
    named: list[str | None] = [name for name, part in section.items() if isinstance(part, Mapping) and _is_provider(part)]
    return ([None] if _is_provider(section) else []) + named


def _is_provider(part: Mapping[str, object]) -> bool:
    return bool(_PROVIDER_KEYS & set(part))
