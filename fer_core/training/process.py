"""The training process: waits its turn, trains, checkpoints, and exports what the recipe keeps."""

import errno
import os
import time
import traceback
from dataclasses import replace

from fer_core.errors import FerError, RunError
from fer_core.model import load_model
from fer_core.runs import Recipe, Run, load_run
from fer_core.runs.control import LOCK_VARIABLE, hold_run, slot_path
from fer_core.runs.folder import read_document, waiting_ids
from fer_core.runs.lock import take_lock
from fer_core.training.backend import load_keras, prepare_backend
from fer_core.training.finish import finish_elsewhere, finish_run
from fer_core.training.material import read_material
from fer_core.training.mirror import Mirror
from fer_core.training.record import Record
from fer_core.training.targets import mix_in
from fer_core.training.teachers import ask_teachers

POLL_S = 0.25


def work_on(run_id: str) -> Run:
    """Train a run in this process, from its last checkpoint if it has one, until it is done or asked to stop.

    Raises:
        RunError: it is done, somebody else works on it, or the training failed; the run's record says the same.
    """
    detached = LOCK_VARIABLE in os.environ
    lock = hold_run(run_id)
    record = Record(load_run(run_id).path, echo=not detached)
    mirror = Mirror(record.folder, record.say)
    try:
        record.keep_reserve()
        slot = _wait_for_turn(run_id, record)
        if slot is None:
            record.change(state="stopped", message="Stopped while it waited for its turn.", ended_s=time.time())
            return load_run(run_id)
        try:
            _train(run_id, record, mirror)
        finally:
            os.close(slot)
    except BaseException as error:
        record.free_reserve()
        _note_failure(record, error)
        if _explain(error):
            raise RunError(f"{run_id}: {_explain(error)}") from error
        raise
    finally:
        record.free_reserve()
        mirror.close()
        os.close(lock)
    return load_run(run_id)


def _wait_for_turn(run_id: str, record: Record) -> int | None:
    """Hold the machine's one training slot; None where the run was stopped while it waited."""
    said = False
    while not record.stop_asked:
        if waiting_ids()[:1] == [run_id]:
            slot = take_lock(slot_path())
            if slot is not None:
                return slot
        if not said:
            record.say("waiting: another training runs")
            said = True
        time.sleep(POLL_S)
    return None


def _describe_sources(recipe: Recipe) -> list[dict[str, str]]:
    """Say which models a training takes weights or answers from: a name may be given to another model later."""
    models = {ref: load_model(ref) for ref in (*recipe.starts, *recipe.teachers)}
    return [{"given": ref, "run_id": model.info.run_id, "digest": model.digest} for ref, model in models.items()]


def _train(run_id: str, record: Record, mirror: Mirror) -> None:
    document = read_document(record.folder)
    record.change(state="running", message="", started_s=document["started_s"] or time.time(), ended_s=None)
    load_keras()
    mirror.start()
    record.say(f"reading {document['data']}")
    recipe, material = read_material(document)
    terms = material.describe()
    record.change(data_name=material.dataset.name, **terms)
    if terms["rows_left_out"]:
        record.say(f"left out {terms['rows_left_out']:,} training rows: {terms['left_out']}")
    if "sources" not in document:
        record.change(sources=_describe_sources(recipe))
    if recipe.teachers:
        said = ask_teachers(recipe, material.train, record)
        if said is None:
            record.change(state="stopped", message="Stopped while its teachers were asked.", ended_s=time.time())
            return
        material = replace(material, targets=mix_in(material.targets, said, recipe.teacher_weight))
    from fer_core.training.fit import fit

    backend, device = prepare_backend(recipe.seed, deterministic=document["deterministic"])
    record.change(backend=backend, device=device)
    outcome = fit(recipe, material, record)
    if not outcome.history:
        record.change(
            state="stopped", message="Stopped before its first whole epoch; there is nothing to keep.", ended_s=time.time()
        )
        return
    state = "done" if outcome.finished else "stopped"
    anew = " on the statistics of plain images" if recipe.statistics == "plain" else ""
    message = f"{state.capitalize()} after epoch {len(outcome.history)}"
    if not outcome.finished:
        record.change(state=state, message=f"{message}. Writing the model.", ended_s=time.time())
    record.say("exporting the model")
    if backend == "tensorflow":
        finish_run(record, material, outcome.kept, outcome.kept_epoch)
    else:
        finish_elsewhere(record)
    record.change(
        state=state, message=f"{message}; the model has the weights of epoch {outcome.kept_epoch}{anew}.", ended_s=time.time()
    )
    record.say(f"{state}")


def _note_failure(record: Record, error: BaseException) -> None:
    if not record.exists:
        return
    if isinstance(error, KeyboardInterrupt):
        record.change(state="interrupted", message="Interrupted from the keyboard. Resume goes on.", ended_s=time.time())
        return
    message = _explain(error) or (str(error) if isinstance(error, FerError) else f"{type(error).__name__}: {error}")
    if not isinstance(error, FerError):
        record.say(traceback.format_exc())
    record.say(f"failed: {message}")
    record.change(state="failed", message=message, ended_s=time.time())


def _explain(error: BaseException) -> str:
    """Say what helps where the machine had no room left; empty for any other error."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full ({error.filename or 'no file named'}). The last checkpoint stays: make room, then resume."
    if isinstance(error, MemoryError) or type(error).__name__ in _OUT_OF_MEMORY:
        return "There was not enough memory. The last checkpoint stays; close other programs and resume, or lower batch_size."
    return ""


_OUT_OF_MEMORY = ("ResourceExhaustedError", "OutOfMemoryError")
"""TensorFlow's and PyTorch's."""
