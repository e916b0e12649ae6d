"""Who may change something: the owner, on the own machine or signed in; everybody else looks."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Literal

import streamlit as st

from fer_core.dataset import Dataset
from fer_core.errors import NotAllowedError
from fer_core.settings import Settings, load_settings
from fer_core.ui import identity
from fer_core.ui.identity import Person

Role = Literal["owner", "viewer"]
Headers = Iterable[tuple[str, str]]

_LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?|::1", re.IGNORECASE)
_OF_PROXIES = {"forwarded", "via", "x-real-ip"}
"""Some proxies make this machine the Host and send one of these alone, or none: then Origin tells where the page is from."""


def role() -> Role:
    """Tell the role of the person whose request runs this page; outside a request: a viewer."""
    return role_of(request_headers(), server_address(), load_settings(), identity.person())


def is_owner() -> bool:
    """Tell whether the person may change something."""
    return role() == "owner"


def require_owner(action: str) -> None:
    """Go on for an owner only.

    Args:
        action: what is to be done, in words that follow "may".

    Raises:
        NotAllowedError: the person is a viewer.
    """
    if not is_owner():
        raise NotAllowedError(
            f"Expected an owner, received a viewer: only the owner may {action}. {how_to_be_owner()} "
            "The fer-studio command on that machine does it too."
        )


def how_to_be_owner() -> str:
    """Say in a sentence how the owner shows who they are."""
    if load_settings().role == "viewer":
        return "Whoever runs the machine has made everybody a viewer here (FER_ROLE)."
    local = "opens the app on the machine that runs it, at http://localhost"
    return f"The owner signs in, or {local}." if identity.providers() else f"The owner {local}."


def role_of(headers: Headers, address: str | None, settings: Settings, person: Person | None = None) -> Role:
    """Tell a role from a request alone.

    Args:
        headers: names and values as received; a name may come twice.
        address: the one the app is bound to; None where it listens everywhere.
        settings: ``role`` "viewer" makes everybody a viewer; ``owners`` are addresses.
        person: who has signed in.

    Returns:
        "owner" where somebody has signed in whose verified address is in ``owners``, through a proxy or not; and where the
        app is bound to loopback, Host (once) and Origin name this machine, and no proxy forwarded the request.
    """
    if settings.role == "viewer":
        return "viewer"
    if person is not None and person.is_verified and person.email in settings.owners:
        return "owner"
    return "owner" if _is_loopback(address) and _is_from_here(headers) else "viewer"


def _is_from_here(headers: Headers) -> bool:
    received = [(name.strip().lower(), value.strip()) for name, value in headers]
    if any(name in _OF_PROXIES or name.startswith("x-forwarded") for name, _ in received):
        return False
    hosts = [value for name, value in received if name == "host"]
    origins = [value.partition("://")[2] for name, value in received if name == "origin"]
    return len(hosts) == 1 and all(_LOCAL_HOST.fullmatch(host) for host in hosts + origins)


def request_headers() -> list[tuple[str, str]]:
    """Read the headers of the request that opened this session; none outside one."""
    headers = st.context.headers
    return [(name, value) for name in headers for value in headers.get_all(name)]


def server_address() -> str | None:
    """Read the address the app is bound to; None where it listens everywhere."""
    address = st.get_option("server.address")
    return str(address) if address else None


def _is_loopback(address: str | None) -> bool:
    if address is None:
        return False
    if address.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def may_see_images(data: Dataset) -> bool:
    """Tell whether the person may see a dataset's images, mean faces included: viewers see the drawn sample's only.

    A host that sets FER_SHARE_DATA=1 shares all.
    """
    return data.is_sample or load_settings().share_data or is_owner()
