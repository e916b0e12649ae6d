"""A network that can be cut: between the browser and the app, and for coturn."""

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.browser.server import App


class Cable:
    """A TCP way to the app that holds everything back while it is cut, and loses nothing."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._whole = threading.Event()
        self._whole.set()
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def cut(self) -> None:
        self._whole.clear()

    def mend(self) -> None:
        self._whole.set()

    def close(self) -> None:
        self.mend()
        for end in (self._listener, *self._ends):
            _shut(end)
        for thread in self._threads:
            thread.join(10)
        for end in (self._listener, *self._ends):
            end.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self._ends.append(near)
                far = socket.create_connection(("127.0.0.1", self._to))
                self._ends.append(far)
                for pair in ((near, far), (far, near)):
                    self._threads.append(threading.Thread(target=self._carry, args=pair, daemon=True))
                    self._threads[-1].start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._whole.wait()
                target.sendall(data)
        _shut(source)
        _shut(target)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def through_cable(app: App) -> Iterator[tuple[App, Cable]]:
    """Give the app as seen through a cable, and the cable."""
    cable = Cable(int(app.url.rpartition(":")[2]))
    try:
        yield replace(app, url=f"http://127.0.0.1:{cable.port}"), cable
    finally:
        cable.close()


@contextmanager
def held(pid: int) -> Iterator[None]:
    """Hold a process up for the time of the block."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@dataclass(frozen=True)
class Held:
    """What a process holds."""

    threads: int
    sockets: int


def holdings(pid: int) -> Held:
    """Count a process's threads and sockets."""
    links = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            links.append(os.readlink(path))
    return Held(len(list(Path(f"/proc/{pid}/task").iterdir())), sum(link.startswith("socket:") for link in links))
