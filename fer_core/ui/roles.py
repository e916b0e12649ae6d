"""Who may change something: the owner, on the own machine; everybody else looks."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Literal

import streamlit as st

from fer_core.dataset import Dataset
from fer_core.errors import NotAllowedError
from fer_core.settings import Settings, load_settings

Role = Literal["owner", "viewer"]
Headers = Iterable[tuple[str, str]]

_LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?|::1", re.IGNORECASE)


def role() -> Role:
    """Tell the role of the person whose request runs this page; outside a request: a viewer."""
    return role_of(request_headers(), server_address(), load_settings())


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
            f"Expected an owner, received a viewer: only the owner may {action}. "
            "Open the app on the machine that runs it, at http://localhost, or use the fer-studio command there."
        )


def role_of(headers: Headers, address: str | None, settings: Settings) -> Role:
    """Tell a role from a request alone.

    Args:
        headers: names and values as received; a name may come twice.
        address: the one the app is bound to; None where it listens everywhere.
        settings: ``role`` "viewer" makes everybody a viewer.

    Returns:
        "owner" where the app is bound to loopback, the one Host names this machine and no proxy forwarded the request.
    """
    if settings.role == "viewer" or not _is_loopback(address):
        return "viewer"
    received = [(name.strip().lower(), value.strip()) for name, value in headers]
    if any(name == "forwarded" or name.startswith("x-forwarded") for name, _ in received):
        return "viewer"
    hosts = [value for name, value in received if name == "host"]
    return "owner" if len(hosts) == 1 and _LOCAL_HOST.fullmatch(hosts[0]) else "viewer"


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
