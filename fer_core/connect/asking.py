"""Asks STUN and TURN servers from this machine, and says what came of it."""

import asyncio
import logging
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

from aioice import stun, turn
from aiortc.rtcicetransport import parse_stun_turn_uri

from fer_core.connect.ice import Ice, IceServer

WAIT_S = 2.0
"""A server that has not answered by then is taken to be away: it was asked at 0, 0.5 and 1.5 s."""

Outcome = Literal["works", "silent", "unknown host", "refused", "unauthorized", "full", "untrusted"]
_FULL = (486, 508)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What one address of a server said to this machine."""

    url: str
    outcome: Outcome
    detail: str = ""
    """The server's own words, or this machine's public address as STUN sees it."""
    ms: float = 0.0


def ask_servers(ice: Ice, *, wait_s: float = WAIT_S) -> tuple[Answer, ...]:
    """Ask every STUN and TURN address, all at once; takes no longer than ``wait_s`` and a bit."""
    if not ice.servers:
        return ()
    with ThreadPoolExecutor(1, thread_name_prefix="ask-servers") as thread:
        return thread.submit(asyncio.run, _ask_all(ice, wait_s)).result()


async def _ask_all(ice: Ice, wait_s: float) -> tuple[Answer, ...]:
    asked = [_ask(url, _ask_stun(url), wait_s) for url in ice.stun_urls]
    asked += [_ask(server.urls[0], _ask_turn(server), wait_s) for server in ice.turn_servers]
    return tuple(await asyncio.gather(*asked))


async def _ask(url: str, asking: Any, wait_s: float) -> Answer:
    started_s = time.monotonic()
    try:
        detail = await asyncio.wait_for(asking, wait_s)
    except Exception as error:  # whatever a server does to its client is an outcome
        if not isinstance(error, stun.TransactionError | OSError):
            _log.info("%s could not be asked", url, exc_info=True)
        return Answer(url, *outcome_of(error))
    return Answer(url, "works", detail, (time.monotonic() - started_s) * 1000)


def outcome_of(error: Exception) -> tuple[Outcome, str]:
    """Name what went wrong, and in what words."""
    if isinstance(error, stun.TransactionFailed):
        code, reason = error.response.attributes.get("ERROR-CODE", (0, "no reason"))
        kind: Outcome = "unauthorized" if code == 401 else "full" if code in _FULL else "refused"
        return kind, f"{code} {reason}"
    if isinstance(error, TimeoutError | stun.TransactionTimeout):
        return "silent", ""
    if isinstance(error, socket.gaierror):
        return "unknown host", ""
    if isinstance(error, ssl.SSLError):
        return "untrusted", error.reason or ""
    if isinstance(error, OSError):
        return "silent", error.strerror or ""
    return "refused", type(error).__name__


class _StunClient(asyncio.DatagramProtocol):
    """Sends one request and takes its response."""

    def __init__(self) -> None:
        self.transaction: stun.Transaction | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        try:
            message = stun.parse_message(data)
        except ValueError:
            return
        if self.transaction is not None:
            self.transaction.response_received(message, addr)

    def send_stun(self, message: stun.Message, addr: tuple[str, int]) -> None:
        self.transport.sendto(bytes(message))


async def _ask_stun(url: str) -> str:
    """Give this machine's address as the server sees it."""
    named = parse_stun_turn_uri(url)
    address = await _first_address(named["host"], named["port"])
    transport, client = await asyncio.get_running_loop().create_datagram_endpoint(_StunClient, remote_addr=address)
    try:
        request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        client.transaction = stun.Transaction(request, address, client)
        response, _ = await client.transaction.run()
        return str(response.attributes["XOR-MAPPED-ADDRESS"][0])
    finally:
        transport.close()


async def _ask_turn(server: IceServer) -> str:
    """Take a relayed address and give it back; gives it."""
    named = parse_stun_turn_uri(server.urls[0])
    secured = named["scheme"] == "turns"
    host = named["host"] if secured else (await _first_address(named["host"], named["port"]))[0]
    transport, _ = await turn.create_turn_endpoint(
        asyncio.DatagramProtocol,
        (host, named["port"]),
        server.username,
        server.password.get_secret_value() if server.password else None,
        ssl=secured or None,
        transport=named["transport"],
    )
    relayed = transport.get_extra_info("sockname")
    transport.close()
    # The allocation is given back by a task of the transport's own.
    closing = getattr(transport, "_TurnTransport__close_task", None)
    if closing is not None:
        await asyncio.wait({closing}, timeout=1.0)
    return str(relayed[0])


async def _first_address(host: str, port: int) -> tuple[str, int]:
    """Look a name up: an address of IPv4 where there is one, as aiortc asks servers over it."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    return str(found[0][4][0]), int(found[0][4][1])
