"""Which STUN and TURN servers a viewer's browser and this machine use, and with what name and password."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from typing import Any, Literal

from aiortc.rtcicetransport import parse_stun_turn_uri
from pydantic import SecretStr

from fer_core.errors import FerError
from fer_core.settings import Settings

Policy = Literal["all", "relay"]
USER = "fer"
"""Name in time-limited credentials, after their end; coturn's log shows it."""


@dataclass(frozen=True)
class IceServer:
    """One or several addresses of a server, with what it asks for; its repr and str keep the password to themselves."""

    urls: tuple[str, ...]
    username: str | None = None
    password: SecretStr | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give it as browsers and streamlit-webrtc take it, the password in plain."""
        named: dict[str, Any] = {"urls": list(self.urls)}
        if self.username is not None and self.password is not None:
            named |= {"username": self.username, "credential": self.password.get_secret_value()}
        return named


@dataclass(frozen=True)
class Ice:
    """All that a connection needs to be told."""

    servers: tuple[IceServer, ...] = ()
    policy: Policy = "all"
    expires_s: float | None = None
    """Unix time at which the credentials end; None where they don't."""
    source: Literal["none", "static", "secret", "provider"] = "none"
    """Where the credentials of the TURN servers are from."""

    @property
    def stun_urls(self) -> tuple[str, ...]:
        """Addresses of STUN servers."""
        return tuple(url for server in self.servers for url in server.urls if url.startswith("stun"))

    @property
    def turn_servers(self) -> tuple[IceServer, ...]:
        """The TURN servers, one address each."""
        return tuple(
            IceServer((url,), server.username, server.password)
            for server in self.servers
            for url in server.urls
            if url.startswith("turn")
        )

    def only(self, urls: Container[str]) -> "Ice":
        """Leave out all addresses but these."""
        kept = tuple(replace(server, urls=tuple(url for url in server.urls if url in urls)) for server in self.servers)
        return replace(self, servers=tuple(server for server in kept if server.urls))

    def configuration(self) -> dict[str, Any]:
        """Give what ``RTCPeerConnection`` takes, here and in the browser."""
        return {"iceServers": [server.as_dict() for server in self.servers], "iceTransportPolicy": self.policy}


Ask = Callable[[Settings], tuple[tuple[IceServer, ...], float]]
"""Asks a provider; gives its servers and the Unix time at which they end."""


def ice_of(settings: Settings, now_s: float, *, ask: Ask) -> Ice:
    """Give the servers that the settings name.

    Args:
        settings: ``stun_urls``, ``turn_*`` and ``ice_transport`` count.
        now_s: Unix time.
        ask: used where ``turn_provider`` is set.

    Raises:
        FerError: the settings don't go together, an address cannot be read, or the provider refuses.
    """
    stun = (IceServer(checked(settings.stun_urls, "FER_STUN_URLS", "stun")),) if settings.stun_urls else ()
    if settings.turn_provider:
        servers, expires_s = ask(settings)
        ice = Ice(stun + servers, settings.ice_transport, expires_s, "provider")
    elif settings.turn_urls:
        ice = _own_servers(settings, now_s, stun)
    else:
        ice = Ice(stun, settings.ice_transport)
    if ice.policy == "relay" and not ice.turn_servers:
        raise FerError(
            "FER_ICE_TRANSPORT: expected a TURN server for relay, received none. Set FER_TURN_URLS or FER_TURN_PROVIDER, "
            "or leave FER_ICE_TRANSPORT unset."
        )
    return ice


def _own_servers(settings: Settings, now_s: float, stun: tuple[IceServer, ...]) -> Ice:
    urls = checked(settings.turn_urls, "FER_TURN_URLS", "turn")
    if settings.turn_secret is not None:
        expires_s = int(now_s) + settings.turn_ttl_s
        username, password = time_limited(settings.turn_secret, expires_s)
        return Ice((*stun, IceServer(urls, username, password)), settings.ice_transport, expires_s, "secret")
    if settings.turn_username is None or settings.turn_password is None:
        missing = "FER_TURN_USERNAME" if settings.turn_username is None else "FER_TURN_PASSWORD"
        raise FerError(
            f"FER_TURN_URLS: expected a name and password beside it, or a secret, received no {missing}. Set FER_TURN_SECRET "
            "(coturn's static-auth-secret), or both FER_TURN_USERNAME and FER_TURN_PASSWORD."
        )
    server = IceServer(urls, settings.turn_username, settings.turn_password)
    return Ice((*stun, server), settings.ice_transport, None, "static")


def time_limited(secret: SecretStr, expires_s: int, user: str = USER) -> tuple[str, SecretStr]:
    """Make a name and password that a TURN server takes until they end.

    As in "A REST API For Access To TURN Services" (draft-uberti-behave-turn-rest-00), which coturn calls use-auth-secret.

    Args:
        secret: shared with the TURN server.
        expires_s: Unix time.
        user: goes into the name.
    """
    username = f"{expires_s}:{user}"
    digest = hmac.new(secret.get_secret_value().encode(), username.encode(), hashlib.sha1).digest()
    return username, SecretStr(base64.b64encode(digest).decode())


def checked(urls: tuple[str, ...], name: str, kind: Literal["stun", "turn"]) -> tuple[str, ...]:
    """Give the addresses back, all of which can be read.

    Raises:
        FerError: one cannot; where it holds a name and password, the message does not.
    """
    for url in urls:
        try:
            readable = "@" not in url and parse_stun_turn_uri(url)["scheme"] in (kind, f"{kind}s")
        except ValueError:
            readable = False
        if not readable:
            example = "turn:turn.example.org:3478?transport=udp" if kind == "turn" else "stun:stun.example.org:3478"
            remedy = "Give names and passwords in FER_TURN_USERNAME and FER_TURN_PASSWORD" if "@" in url else "Correct it"
            raise FerError(f"{name}: expected addresses like {example}, received {shown(url)!r}. {remedy}.")
    return urls


def shown(url: str) -> str:
    """Give an address without what stands before an @."""
    return "…@" + url.rpartition("@")[2] if "@" in url else url
