"""Drives a Firefox by WebDriver BiDi (https://w3c.github.io/webdriver-bidi), as Playwright wants one of its own making."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

FIREFOXES = ("firefox-esr", "firefox")
PREFERENCES = {
    "media.navigator.permission.disabled": True,
    "media.navigator.streams.fake": True,
    "media.autoplay.default": 0,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.disabledForTesting": True,
    "remote.prefs.recommended": True,
}
START_S = 60.0


def find_firefox() -> str | None:
    """Give the path of a Firefox on this machine; None where there is none."""
    return next((path for name in FIREFOXES if (path := shutil.which(name))), None)


class Tab:
    """One tab of a Firefox."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._sent = 0
        self.ask("session.new", capabilities={})
        self._context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and give its answer."""
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))
        while (answer := json.loads(self._socket.recv())).get("id") != self._sent:
            continue
        assert answer["type"] == "success", answer
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, url: str) -> None:
        """Go to an address and wait until it is loaded."""
        self.ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def run(self, script: str) -> Any:
        """Evaluate an expression whose value is a text, a number, a truth or null."""
        target = {"context": self._context}
        answer = self.ask("script.evaluate", expression=script, target=target, awaitPromise=True)
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    def wait_for(self, script: str, *, within_s: float) -> float:
        """Wait until an expression is true; gives the seconds it took."""
        started = time.monotonic()
        while not self.run(script):
            assert time.monotonic() - started < within_s, f"expected {script} within {within_s:g} s"
            time.sleep(0.05)
        return time.monotonic() - started


@contextmanager
def run_firefox(folder: Path) -> Iterator[Tab]:
    """Start a headless Firefox with a profile in ``folder``, and end it with the block.

    Raises:
        RuntimeError: there is none on this machine, or it does not start.
    """
    path = find_firefox()
    if path is None:
        raise RuntimeError("expected a Firefox on this machine, received none. Install the system's package firefox-esr.")
    profile = folder / "profile"
    profile.mkdir(parents=True)
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines))
    command = [path, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with (folder / "firefox.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        with connect(f"{_address(folder / 'firefox.log', process)}/session", max_size=None) as socket:
            yield Tab(socket)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _address(log: Path, process: "subprocess.Popen[bytes]") -> str:
    """Read from the log where it listens."""
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        for line in log.read_text(errors="replace").splitlines():
            if "WebDriver BiDi listening on " in line:
                return line.rpartition(" ")[2]
        time.sleep(0.1)
    raise RuntimeError(f"Firefox did not start:\n{log.read_text(errors='replace')}")
