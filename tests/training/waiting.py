"""Waiting for what a training process does, without sleeping."""

import json
import threading
import time
from collections.abc import Callable

from fer_core.runs import load_run

SECONDS = 240.0


def wait_for(condition: Callable[[], object], *, every_s: float = 0.02, within_s: float = SECONDS) -> None:
    """Wait until something is true, or fail."""
    tick, end = threading.Event(), time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, "waited too long"
        tick.wait(every_s)


def finish(run_id: str, *, within_s: float = SECONDS) -> None:
    """Wait until nobody works on a run."""
    wait_for(lambda: not load_run(run_id).is_active, within_s=within_s)


def pid_of(run_id: str) -> int:
    """Give the process that works on a run, or did last."""
    return int(json.loads((load_run(run_id).path / "run.json").read_text())["pid"])
