"""The ICE servers of one viewer, and what aiortc is not told by streamlit-webrtc."""

import time
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import streamlit as st
from aiortc import rtcpeerconnection
from aiortc.rtcconfiguration import RTCIceTransportPolicy
from aiortc.rtcicetransport import RTCIceGatherer

from fer_core.connect import Ice, SeldomAsked, ice_of
from fer_core.connect.ice import Policy
from fer_core.errors import FerError
from fer_core.settings import Settings, load_settings

_KEPT = "live_ice"


@dataclass(frozen=True)
class IceNow:
    """What this viewer's next connection is told."""

    ice: Ice
    trouble: str
    """Why there are no servers though the settings name some; "" where all is well."""
    renew_s: float
    """Unix time from which on new credentials are made."""
    settings: Settings

    @property
    def is_due(self) -> bool:
        """Say whether it is time for new credentials."""
        return time.time() >= self.renew_s


def my_ice(*, active: bool) -> IceNow:
    """Give this session's servers: new ones after half of their time, but the same while its video is on."""
    settings = load_settings()
    kept: IceNow | None = st.session_state.get(_KEPT)
    if kept is None or (not active and (kept.is_due or kept.settings != settings)):
        kept = st.session_state[_KEPT] = _make(settings)
    return kept


def _make(settings: Settings) -> IceNow:
    now_s = time.time()
    try:
        ice, trouble = ice_of(settings, now_s, ask=_provider()), ""
    except FerError as error:
        ice, trouble = Ice(policy=settings.ice_transport), str(error)
    renew_s = (now_s + ice.expires_s) / 2 if ice.expires_s is not None else float("inf")
    return IceNow(ice, trouble, renew_s if not trouble else now_s + 60, settings)


@cache
def _provider() -> SeldomAsked:
    """Give this process's own memory of what a provider said."""
    return SeldomAsked()


def install(policy: Policy) -> None:
    """Let connections made from now on keep to ``policy``, which streamlit-webrtc passes on to browsers alone."""
    aiortc: Any = rtcpeerconnection
    aiortc.RTCIceGatherer = partial(_gather, policy)


def _gather(policy: Policy, **options: Any) -> RTCIceGatherer:
    if policy == "relay":
        options["iceTransportPolicy"] = RTCIceTransportPolicy.RELAY
    return RTCIceGatherer(**options)
