"""Start, stop, resume and delete runs. Each training is a process of its own that outlives the one that started it."""

import os
import secrets
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fer_core.errors import RunError
from fer_core.files import write_json
from fer_core.runs.background import inherited_lock, start_in_background
from fer_core.runs.folder import LOCK_FILE, LOG_FILE, RUN_FILE, STOP_FILE, Run, load_run, read_document, run_dir, runs_dir
from fer_core.runs.lock import take_lock
from fer_core.runs.recipes import find_recipe, with_settings

LOCK_VARIABLE = "FER_RUN_LOCK"
"""Names the inherited file descriptor that holds the run's lock, as ``<run id>:<descriptor>``."""


def create_run(
    recipe: str,
    data: str,
    *,
    epochs: int | None = None,
    settings: Mapping[str, Any] | None = None,
    deterministic: bool = False,
    skip_bad_rows: bool = False,
    votes: str | None = None,
    exclude: str | None = None,
) -> Run:
    """Make the folder of a run that nobody works on yet; the arguments are those of ``start_run``.

    Raises:
        RunError: unknown recipe, a setting that cannot be used, or votes are missing.
    """
    changes = dict(settings or {}) | ({} if epochs is None else {"epochs": epochs})
    chosen = with_settings(find_recipe(recipe), changes)
    if chosen.needs_votes and not votes:
        raise RunError(
            f"{recipe}: expected FER+'s votes, which this recipe learns from, received none. Name fer2013new.csv with --votes "
            "or FERPLUS_CSV, or set crowd_weight=0 and leave_out=copies,blank."
        )
    now = time.time()
    run_id = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}-{chosen.name}-{secrets.token_hex(2)}"
    document = {
        "state": "queued",
        "message": "",
        "recipe": chosen.to_json(),
        "data": data,
        "data_name": "",
        "data_digest": "",
        "skip_bad_rows": skip_bad_rows,
        "votes": votes if chosen.needs_votes else None,
        "exclude": exclude,
        "deterministic": deterministic,
        "created_s": now,
        "queued_s": now,
        "started_s": None,
        "ended_s": None,
        "pid": None,
    }
    write_json(runs_dir() / run_id / RUN_FILE, document)
    return load_run(run_id)


def start_run(
    recipe: str,
    data: str,
    *,
    epochs: int | None = None,
    settings: Mapping[str, Any] | None = None,
    deterministic: bool = False,
    skip_bad_rows: bool = False,
    votes: str | None = None,
    exclude: str | None = None,
) -> Run:
    """Start a training in a process of its own; it waits its turn where another one trains.

    Args:
        recipe: its name.
        data: source of the dataset.
        epochs: instead of the recipe's.
        settings: other changes to the recipe.
        deterministic: repeatable to the last bit on one machine, and slower.
        skip_bad_rows: leave unreadable rows out instead of failing.
        votes: file of FER+'s votes, where the recipe needs them.
        exclude: name of a list of rows to leave out.

    Raises:
        RunError: unknown recipe, a setting that cannot be used, or votes are missing.
    """
    run = create_run(
        recipe,
        data,
        epochs=epochs,
        settings=settings,
        deterministic=deterministic,
        skip_bad_rows=skip_bad_rows,
        votes=votes,
        exclude=exclude,
    )
    return resume_run(run.id)


def resume_run(run_id: str) -> Run:
    """Go on with a run in a process of its own: from its last checkpoint, or from the start where there is none.

    Raises:
        RunError: it is done, or somebody works on it.
    """
    folder = run_dir(run_id)
    lock = hold_run(run_id)
    try:
        start_in_background(["runs", "resume", run_id], variable=LOCK_VARIABLE, owner=run_id, lock=lock, log=folder / LOG_FILE)
    finally:
        os.close(lock)
    return load_run(run_id)


def hold_run(run_id: str) -> int:
    """Take the run's lock, and put it into the queue; in a process made by ``resume_run`` the lock is inherited.

    Returns:
        The file descriptor that holds the lock.

    Raises:
        RunError: it is done, or somebody works on it.
    """
    folder = run_dir(run_id)
    inherited = inherited_lock(LOCK_VARIABLE, run_id)
    if inherited is not None:
        write_json(folder / RUN_FILE, {**read_document(folder), "pid": os.getpid()})
        return inherited
    document = read_document(folder)
    if document["state"] == "done":
        raise RunError(f"{run_id}: expected a run that can go on, received one that is done. Start a new one.")
    lock = take_lock(folder / LOCK_FILE)
    if lock is None:
        raise RunError(f"{run_id}: is being worked on already ({load_run(run_id).state}). Stop it, or wait for its end.")
    (folder / STOP_FILE).unlink(missing_ok=True)
    write_json(folder / RUN_FILE, {**document, "state": "queued", "message": "", "queued_s": time.time(), "pid": os.getpid()})
    return lock


def stop_run(run_id: str) -> Run:
    """Ask a run to stop; it does within seconds, and keeps what its recipe keeps.

    Raises:
        RunError: nobody works on it.
    """
    run = load_run(run_id)
    if not run.is_active:
        raise RunError(f"{run_id}: expected a run that is queued or running, received one that is {run.state}.")
    (run.path / STOP_FILE).touch()
    return load_run(run_id)


def delete_run(run_id: str) -> None:
    """Delete a run's folder, its checkpoints and model included; promoted models are copies and stay.

    Raises:
        RunError: somebody works on it.
    """
    folder = run_dir(run_id)
    lock = take_lock(folder / LOCK_FILE)
    if lock is None:
        raise RunError(f"{run_id}: is being worked on ({load_run(run_id).state}). Stop it first.")
    try:
        (folder / RUN_FILE).unlink()
        shutil.rmtree(folder)
    finally:
        os.close(lock)


def slot_path() -> Path:
    """The lock that one training at a time holds."""
    return runs_dir() / ".slot"
