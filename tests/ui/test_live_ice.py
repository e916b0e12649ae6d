"""A viewer's servers: stable while video is on, new in time."""

from typing import Any

import pytest
import streamlit as st
from aiortc import RTCPeerConnection, rtcpeerconnection
from aiortc.rtcicetransport import RTCIceGatherer

from fer_core.ui import live_ice
from fer_core.ui.live_ice import my_ice
from tests.loops import run

NOW_S = 10_000.0


class Clock:
    now_s = NOW_S

    def time(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(live_ice, "time", clock)
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setenv("FER_TURN_URLS", "turn:t")
    monkeypatch.setenv("FER_TURN_SECRET", "abc")
    monkeypatch.setenv("FER_TURN_TTL_S", "600")
    return clock


def name_of(now: live_ice.IceNow) -> Any:
    return now.ice.configuration()["iceServers"][0]["username"]


def test_credentials_are_renewed_at_half_time_but_never_under_running_video(clock):
    assert name_of(my_ice(active=False)) == f"{NOW_S + 600:.0f}:fer"
    clock.now_s += 299
    assert name_of(my_ice(active=False)) == f"{NOW_S + 600:.0f}:fer"
    clock.now_s += 1
    assert my_ice(active=True).is_due
    assert name_of(my_ice(active=True)) == f"{NOW_S + 600:.0f}:fer"
    assert name_of(my_ice(active=False)) == f"{NOW_S + 900:.0f}:fer"


def test_settings_that_changed_count_from_the_next_connection_on(clock, monkeypatch):
    before = my_ice(active=False)
    monkeypatch.setenv("FER_TURN_SECRET", "another")
    assert my_ice(active=True) == before
    assert my_ice(active=False) != before


def test_settings_that_do_not_go_together_leave_the_page_without_servers_and_say_so(clock, monkeypatch):
    monkeypatch.setenv("FER_TURN_SECRET", "")
    now = my_ice(active=False)
    assert now.ice.servers == ()
    assert "FER_TURN_USERNAME" in now.trouble


def test_no_secret_is_in_what_the_session_keeps(clock):
    assert "abc" not in repr(my_ice(active=False))


@pytest.mark.parametrize(("policy", "used"), [("relay", "RELAY"), ("all", "ALL")])
def test_install_makes_connections_keep_to_the_policy(monkeypatch, policy, used):
    monkeypatch.setattr(rtcpeerconnection, "RTCIceGatherer", RTCIceGatherer)
    live_ice.install(policy)

    async def policy_of_a_connection() -> str:
        peer = RTCPeerConnection()
        peer.createDataChannel("x")
        assert peer.sctp is not None
        name: str = peer.sctp.transport.transport.iceGatherer._connection._transport_policy.name
        await peer.close()
        return name

    assert run(policy_of_a_connection()) == used
