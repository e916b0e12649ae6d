"""A coturn of the test's own on loopback ports; the real one, from Debian's package."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

SECRET = "the-right-secret"
USER, PASSWORD = "fer", "the-right-password"
START_S = 20.0
needs_coturn = pytest.mark.skipif(
    shutil.which("turnserver") is None and not os.environ.get("CI"),
    reason="no coturn on this machine (Debian: apt-get install coturn)",
)


@contextmanager
def run_coturn(
    folder: Path, *, secret: str | None = SECRET, relay_ip: str = "127.0.0.1", static: bool = False, port: int | None = None
) -> Iterator[int]:
    """Run it, on UDP and TCP of one port of ``relay_ip``; gives the port.

    Args:
        folder: for its log and its files.
        secret: its static-auth-secret.
        relay_ip: the address it listens and relays on.
        static: ask for ``USER`` and ``PASSWORD`` instead.
        port: a free one unless given.
    """
    port = port or free_port(relay_ip)
    command = ["turnserver", "-n", f"--listening-ip={relay_ip}", f"--relay-ip={relay_ip}", f"--listening-port={port}"]
    command += ["--no-tls", "--no-dtls", "--no-cli", "--realm=fer", "--allow-loopback-peers", "--no-multicast-peers"]
    command += ["--fingerprint", "--lt-cred-mech", "--log-file=stdout", f"--pidfile={folder}/turn.pid", "--no-rfc5780"]
    command += [f"--userdb={folder}/turn.db"]
    command += [f"--user={USER}:{PASSWORD}"] if static else ["--use-auth-secret", f"--static-auth-secret={secret}"]
    with (folder / "coturn.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
    try:
        _wait_until_it_listens(process, relay_ip, port, folder / "coturn.log")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def free_port(ip: str = "127.0.0.1") -> int:
    """Give a port that is free for UDP and TCP."""
    for _ in range(50):
        with (
            closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as tcp,
            closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as udp,
        ):
            tcp.bind((ip, 0))
            port = int(tcp.getsockname()[1])
            try:
                udp.bind((ip, port))
            except OSError:
                continue
            return port
    raise RuntimeError("expected a port that is free for UDP and TCP, received none in 50 tries.")


def _wait_until_it_listens(process: "subprocess.Popen[bytes]", ip: str, port: int, log: Path) -> None:
    started_s = time.monotonic()
    while time.monotonic() - started_s < START_S and process.poll() is None:
        try:
            with socket.create_connection((ip, port), timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"coturn did not start:\n{log.read_text()}")
