"""A real `mlflow server` on loopback, with an SQLite file of its own."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tests.training.waiting import wait_for


def free_port() -> int:
    """Give a port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Server:
    """A server that answers once this is built, until ``kill``.

    Args:
        folder: where its database and its log are; a later server goes on from there.
        port: of loopback.
        database: its SQLite file; `server.db` in the folder unless given.
        command: `server` or `ui`.
    """

    def __init__(self, folder: Path, port: int, *, database: Path | None = None, command: str = "server") -> None:
        self.url = f"http://127.0.0.1:{port}"
        uri = f"sqlite:///{database or folder / 'server.db'}"
        arguments = [command, "--backend-store-uri", uri, "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        self._log = folder / "server.log"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "mlflow", *arguments],
                cwd=folder,
                env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(self._answers, every_s=0.2)

    def kill(self) -> None:
        """Kill it and all of its workers, with no time to close anything."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _answers(self) -> bool:
        assert self._process.poll() is None, self._log.read_text()
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
