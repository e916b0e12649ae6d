"""A browser's probe of the way to this machine, played by aiortc."""

import asyncio
import threading
import time
from pathlib import Path

import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription
from pydantic import SecretStr

from fer_core.connect import Ice, IceServer, answer_probe, probe, time_limited
from tests.connect.coturn import SECRET, needs_coturn, run_coturn
from tests.loops import run


def probes() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "connection-probe"]


async def reach(ice: Ice) -> tuple[str, set[str]]:
    """Send a word through a channel; gives what comes back and the types of the other side's candidates."""
    peer = RTCPeerConnection(probe.configuration_of(ice))
    channel = peer.createDataChannel("probe")
    heard: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    channel.on("open", lambda: channel.send("hello"))
    channel.on("message", heard.set_result)
    await peer.setLocalDescription(await peer.createOffer())
    answer = await asyncio.to_thread(answer_probe, peer.localDescription.sdp, ice)
    assert answer is not None
    await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    said = await asyncio.wait_for(heard, 20)
    await peer.close()
    return said, {line.split(" typ ")[1].split()[0] for line in answer.splitlines() if " typ " in line}


def wait_until_no_probe_runs(within_s: float = 20) -> None:
    ends_s = time.monotonic() + within_s
    while probes():
        assert time.monotonic() < ends_s, "a probe's thread is left behind"
        time.sleep(0.02)


def test_probe_echoes_and_leaves_no_thread_when_the_browser_closes():
    assert run(reach(Ice())) == ("hello", {"host"})
    wait_until_no_probe_runs()


@needs_coturn
def test_probe_goes_through_the_turn_server_alone_where_that_is_asked(tmp_path: Path):
    with run_coturn(tmp_path) as port:
        username, password = time_limited(SecretStr(SECRET), int(time.time()) + 600)
        ice = Ice((IceServer((f"turn:127.0.0.1:{port}",), username, password),), policy="relay")
        assert run(reach(ice)) == ("hello", {"relay"})
        wait_until_no_probe_runs()


def test_offer_that_nobody_follows_up_ends_by_itself():
    async def offer() -> str:
        peer = RTCPeerConnection(probe.configuration_of(Ice()))
        peer.createDataChannel("probe")
        await peer.setLocalDescription(await peer.createOffer())
        sdp: str = peer.localDescription.sdp
        await peer.close()
        return sdp

    assert answer_probe(run(offer()), Ice(), lifetime_s=0.2) is not None
    wait_until_no_probe_runs()


@pytest.mark.parametrize(
    "offer", ["", "nonsense", "v=0\r\nm=application nonsense", "v=0\r\nm=application\r\n" + "a=x\r\n" * 9000]
)
def test_offer_that_cannot_be_read_is_not_answered_and_leaves_nothing(offer: str):
    assert answer_probe(offer, Ice(), lifetime_s=0.2) is None
    wait_until_no_probe_runs()


def test_only_a_few_probes_run_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(probe, "_seats", threading.BoundedSemaphore(1))
    probe._seats.acquire()
    assert answer_probe("v=0\r\nm=application", Ice()) is None
    probe._seats.release()
