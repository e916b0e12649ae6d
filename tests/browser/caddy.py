"""Debian's Caddy before an app on loopback, with the configuration that deploy/ gives a host."""

import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.server import ROOT

START_LIMIT_S = 30.0


def find_caddy() -> str | None:
    """Give the path of a Caddy on this machine; None where there is none."""
    return shutil.which("caddy")


@contextmanager
def run_caddy(folder: Path, *, port: int, app_port: int) -> Iterator[str]:
    """Run Caddy with deploy/Caddyfile until the block ends.

    Args:
        folder: where its certificates and its log go.
        port: of https, on this machine's names only.
        app_port: where the app is.

    Yields:
        The site's address.
    """
    variables = {
        "FER_SITE": f"localhost:{port}",
        "FER_PORT": str(app_port),
        "FER_HTTP_PORT": str(free_port()),
        "FER_BIND": "127.0.0.1",
    }
    variables |= {"XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config"), "HOME": str(folder)}
    variables |= {"CADDY_ADMIN": f"localhost:{free_port()}"}
    log = folder / "caddy.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(find_caddy()), "run", "--adapter", "caddyfile", "--config", str(ROOT / "deploy" / "Caddyfile")],
            env={"PATH": os.environ["PATH"]} | variables,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_healthy(f"https://localhost:{port}", process, log)
        yield f"https://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def trusting_everybody() -> ssl.SSLContext:
    """Give what lets a test speak with a certificate of Caddy's own."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def free_port() -> int:
    """Give a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    started = time.monotonic()
    while time.monotonic() - started < START_LIMIT_S and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1, context=trusting_everybody()):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"Caddy did not come up:\n{log.read_text()}")
