"""Runs that somebody works on."""

import os
from collections.abc import Callable, Iterator

import pytest

from fer_core.runs import Run
from fer_core.runs.folder import LOCK_FILE
from fer_core.runs.lock import take_lock


@pytest.fixture
def lock_run() -> Iterator[Callable[[Run], None]]:
    """Hold a run's lock, as its training process does."""
    handles = []

    def lock(run: Run) -> None:
        handle = take_lock(run.path / LOCK_FILE)
        assert handle is not None
        handles.append(handle)

    yield lock
    for handle in handles:
        os.close(handle)
