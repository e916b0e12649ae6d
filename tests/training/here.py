"""Trainings in the test's own process, which loads TensorFlow once: for what needs no process of its own."""

import threading
import warnings
from contextlib import suppress
from typing import Any

from fer_core.errors import FerError
from fer_core.runs import Run, create_run, load_run, read_history, stop_run
from fer_core.training.process import work_on
from tests.training.waiting import wait_for


def train_here(recipe: str, data: str, **options: Any) -> Run:
    """Train a run until it is over; the arguments are those of ``start_run``. What fails is for the test to read."""
    return go_on_here(create_run(recipe, data, **options).id)


def go_on_here(run_id: str) -> Run:
    """Go on with a run until it is over."""
    with suppress(FerError), warnings.catch_warnings():
        # Keras's own way to NumPy, which a process of its own does not see as an error either.
        warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)
        work_on(run_id)
    return load_run(run_id)


def stop_here(recipe: str, data: str, **options: Any) -> Run:
    """Train a run that is asked to stop once it has a whole epoch."""
    run = create_run(recipe, data, epochs=5000, **options)
    stopper = threading.Thread(target=_stop_after_an_epoch, args=[run.id])
    stopper.start()
    go_on_here(run.id)
    stopper.join()
    return load_run(run.id)


def _stop_after_an_epoch(run_id: str) -> None:
    wait_for(lambda: read_history(run_id))
    stop_run(run_id)
