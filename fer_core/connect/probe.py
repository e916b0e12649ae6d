"""Can a browser and this machine reach each other as video would? A data channel, tried and closed, no camera."""

import asyncio
import logging
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet

from aiortc import RTCConfiguration, RTCDataChannel, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcconfiguration import RTCIceTransportPolicy

from fer_core.connect.ice import Ice

LIFETIME_S = 15.0
"""A probe that nobody closes ends by itself after this time."""
ANSWER_S = 8.0
"""Within this time it answers an offer: aioice waits 5 s for servers that are away."""
MOST_AT_ONCE = 4
MOST_OFFER_CHARACTERS = 20_000

_log = logging.getLogger(__name__)
_seats = threading.BoundedSemaphore(MOST_AT_ONCE)


def answer_probe(offer: str, ice: Ice, *, lifetime_s: float = LIFETIME_S) -> str | None:
    """Answer a browser's offer of a data channel, and be there for it for a while.

    Args:
        offer: SDP, its candidates included.
        ice: the servers that this side uses, too.
        lifetime_s: the peer is closed after this time at the latest, its thread with it.

    Returns:
        SDP; None where too many probes run or this offer cannot be answered.
    """
    readable = len(offer) <= MOST_OFFER_CHARACTERS and offer.startswith("v=0") and "m=application" in offer
    if not readable or not _seats.acquire(blocking=False):
        return None
    answered: Future[str] = Future()
    threading.Thread(target=_run, args=(offer, ice, lifetime_s, answered), name="connection-probe", daemon=True).start()
    try:
        return answered.result(ANSWER_S)
    except NotYet:
        return None
    except Exception as error:  # an offer that aiortc cannot read
        _log.info("connection probe: an offer could not be answered (%s)", type(error).__name__)
        return None


def _run(offer: str, ice: Ice, lifetime_s: float, answered: "Future[str]") -> None:
    try:
        asyncio.run(_be_reached(offer, ice, lifetime_s, answered))
    except Exception as error:  # told to whoever waits
        if not answered.done():
            answered.set_exception(error)
    finally:
        _seats.release()


async def _be_reached(offer: str, ice: Ice, lifetime_s: float, answered: "Future[str]") -> None:
    peer = RTCPeerConnection(configuration_of(ice))
    ended = asyncio.Event()

    @peer.on("connectionstatechange")
    def on_state() -> None:
        if peer.connectionState in ("closed", "failed"):
            ended.set()

    @peer.on("datachannel")
    def on_channel(channel: RTCDataChannel) -> None:
        channel.on("message", lambda message: channel.send(message))

    try:
        await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        answered.set_result(peer.localDescription.sdp)
        await asyncio.wait_for(ended.wait(), lifetime_s)
    except TimeoutError:
        pass
    finally:
        await peer.close()


def configuration_of(ice: Ice) -> RTCConfiguration:
    """Give what aiortc takes."""
    servers = [
        RTCIceServer(list(server.urls), server.username, server.password.get_secret_value() if server.password else None)
        for server in ice.servers
    ]
    return RTCConfiguration(iceServers=servers, iceTransportPolicy=RTCIceTransportPolicy(ice.policy))
