"""Waiting for what a training process does, without sleeping."""

import json
import threading
import time
from collections.abc import Callable

from fer_core.runs import load_run
from fer_core.runs.folder import LOCK_FILE
from fer_core.runs.lock import is_locked

SECONDS = 240.0


def wait_for(condition: Callable[[], object], *, every_s: float = 0.1, within_s: float = SECONDS) -> None:
    """Wait until something is true, or fail; looks at once, then ever more rarely, up to ``every_s`` apart."""
    tick, end, pause_s = threading.Event(), time.monotonic() + within_s, min(0.002, every_s)
    while not condition():
        assert time.monotonic() < end, "waited too long"
        tick.wait(pause_s)
        pause_s = min(1.5 * pause_s, every_s)


def finish(run_id: str, *, within_s: float = SECONDS) -> None:
    """Wait until nobody works on a run; a look at its lock costs the training nothing, one at all of it would."""
    lock = load_run(run_id).path / LOCK_FILE
    wait_for(lambda: not is_locked(lock), within_s=within_s)
    wait_for(lambda: not load_run(run_id).is_active, within_s=within_s)


def pid_of(run_id: str) -> int:
    """Give the process that works on a run, or did last."""
    return int(json.loads((load_run(run_id).path / "run.json").read_text())["pid"])
