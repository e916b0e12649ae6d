"""Debian's coturn on loopback, started as deploy/turn.sh starts it for a host."""

import asyncio
import base64
import hashlib
import hmac
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aioice.turn import create_turn_endpoint

from tests.loops import run

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-of-the-relay"
START_LIMIT_S = 20.0
ANSWER_S = 5.0


def find_coturn() -> str | None:
    """Give the path of a coturn on this machine; None where there is none."""
    return shutil.which("turnserver")


@contextmanager
def run_turn(folder: Path, **variables: str) -> Iterator[tuple[str, int]]:
    """Run deploy/turn.sh until the block ends; gives where it listens."""
    port = _free_udp_port()
    environment = {"PATH": os.environ["PATH"], "RUNTIME_DIRECTORY": str(folder), "FER_SITE": "localhost"}
    options = ["--listening-ip=127.0.0.1", f"--listening-port={port}", "--relay-ip=127.0.0.1", "--allow-loopback-peers"]
    log = folder / "turn.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(ROOT / "deploy" / "turn.sh"), *options],
            env=environment | {"FER_TURN_SECRET": SECRET} | variables,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_listening(port, process, log)
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait(timeout=20)


def credentials(secret: str, *, lives_s: int = 600) -> tuple[str, str]:
    """Make a name and a password as coturn's use-auth-secret wants them."""
    name = f"{int(time.time()) + lives_s}:test"
    digest = hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest()
    return name, base64.b64encode(digest).decode()


def word(server: tuple[str, int], *, secret: str = SECRET, lives_s: int = 600) -> bytes:
    """Send a word through the relay to a listener on this machine, and give what arrived.

    Raises:
        aioice.stun.TransactionFailed: the relay refuses.
        TimeoutError: nothing arrived.
    """
    return run(_relay(server, credentials(secret, lives_s=lives_s)))


async def _relay(server: tuple[str, int], signed: tuple[str, str]) -> bytes:
    arrived: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    listener, _ = await loop.create_datagram_endpoint(lambda: _Listener(arrived), local_addr=("127.0.0.1", 0))
    transport = None
    try:
        transport, _ = await create_turn_endpoint(
            asyncio.DatagramProtocol, server_addr=server, username=signed[0], password=signed[1], transport="udp"
        )
        transport.sendto(b"hello", listener.get_extra_info("sockname"))
        return await asyncio.wait_for(arrived.get(), ANSWER_S)
    finally:
        listener.close()
        if transport is not None:
            transport.close()
            await asyncio.sleep(0)


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, arrived: asyncio.Queue[bytes]) -> None:
        self._arrived = arrived

    def datagram_received(self, data: bytes, _: object) -> None:
        self._arrived.put_nowait(data)


def _free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_listening(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    started = time.monotonic()
    while time.monotonic() - started < START_LIMIT_S and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"coturn did not come up:\n{log.read_text()}")
