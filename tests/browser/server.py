"""Starts the app as a person does, and finds a Chromium to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FORBIDDEN = {"tensorflow", "keras", "mlflow", "sklearn", "cleanlab"}
START_LIMIT_S = 120.0


@dataclass(frozen=True)
class App:
    """A running app."""

    url: str
    home: Path
    log: Path
    pid: int
    started_s: float
    """``time.monotonic`` when the process was started."""


def find_chromium() -> str | None:
    """Give the path of a Chromium or Chrome on this machine; None where there is none."""
    for name in CHROMIUMS:
        if path := shutil.which(name):
            return path
    return str(MAC_CHROME) if MAC_CHROME.exists() else None


def launch_chromium(playwright: Playwright, camera: Path) -> Browser:
    """Start a Chromium, with nobody to ask, whose camera plays a file.

    Raises:
        RuntimeError: there is none on this machine.
    """
    path = find_chromium()
    if path is None:
        raise RuntimeError("expected a Chromium on this machine, received none. Install the system's package chromium.")
    options = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    options += [f"--use-file-for-fake-video-capture={camera}", "--autoplay-policy=no-user-gesture-required"]
    return playwright.chromium.launch(executable_path=path, args=options, chromium_sandbox=False)


def open_context(browser: Browser, **options: Any) -> BrowserContext:
    """Give a person's own part of the browser: who wants no motion, unless told otherwise.

    Without a graphics card each step of a motion is drawn by the processor, which took most of the time of a page.
    """
    return browser.new_context(**{"reduced_motion": "reduce", "viewport": {"width": 1400, "height": 900}} | options)


@contextmanager
def run_app(folder: Path, *, script: str = "app.py", port: int | None = None, **variables: str) -> Iterator[App]:
    """Start the app on a free loopback port, and end it with the block.

    Args:
        folder: where FER_HOME, the temporary folder and the log go.
        script: what Streamlit runs, from the repository's root.
        port: that of an app that has ended, to take its place.
        variables: further environment variables, for example ``FER_ROLE="viewer"``.
    """
    port = port or _free_port()
    home, temporary, log = folder / "home", folder / "tmp", folder / "app.log"
    temporary.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FER")}
    environment |= {"FER_HOME": str(home), "FER_MLFLOW": "0", "TMPDIR": str(temporary), **variables}
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless=true", "--server.address=127.0.0.1"]
    command += [f"--server.port={port}", "--server.fileWatcherType=none"]
    started_s = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    app = App(f"http://127.0.0.1:{port}", home, log, process.pid, started_s)
    try:
        _wait_until_healthy(app, process)
        yield app
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def forbidden_imports(app: App) -> set[str]:
    """Name what the app's process imported and must not, of an app run with ``PYTHONPROFILEIMPORTTIME=1``."""
    lines = app.log.read_text(errors="replace").splitlines()
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines if line.startswith("import time:")}
    if "streamlit" not in imported:
        raise ValueError("expected an app run with PYTHONPROFILEIMPORTTIME=1, received one whose log names no imports.")
    return imported & FORBIDDEN


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(app: App, process: "subprocess.Popen[bytes]") -> None:
    while time.monotonic() - app.started_s < START_LIMIT_S:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{app.url}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"the app did not start:\n{app.log.read_text()}")
