"""Trainings in processes of their own, as the app and the command line start them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from fer_core.errors import RunError
from fer_core.model import Classifier, load_model
from fer_core.runs import (
    delete_run,
    list_runs,
    load_run,
    read_history,
    read_log,
    resume_run,
    start_run,
    stop_run,
)
from fer_core.runs.control import slot_path
from fer_core.runs.folder import runs_dir
from fer_core.runs.lock import is_locked, take_lock
from tests.builders import make_csv, make_csv_with_votes
from tests.training.waiting import SECONDS, finish, pid_of, wait_for

EXACT = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")
SMALL = {"batch_size": 16}


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(make_csv(tmp_path / "small.csv", train=210, validation=35, test=14))


def figures(run_id: str) -> list[list[float]]:
    return [[line[key] for key in EXACT] for line in read_history(run_id)]


@pytest.mark.parametrize(("recipe", "rows"), [("seed", 420), ("studio", 70)])
def test_killed_and_resumed_equals_uninterrupted(recipe, rows, tmp_path):
    data, votes = make_csv_with_votes(tmp_path, train=rows)
    whole = start_run(recipe, data, epochs=3, settings=SMALL, deterministic=True, votes=votes)
    finish(whole.id)
    assert load_run(whole.id).state == "done", read_log(whole.id)
    cut = start_run(recipe, data, epochs=3, settings=SMALL, deterministic=True, votes=votes)
    wait_for(lambda: read_history(cut.id), every_s=0.02)
    os.kill(pid_of(cut.id), signal.SIGKILL)
    wait_for(lambda: load_run(cut.id).state == "interrupted")
    assert 1 <= load_run(cut.id).epochs_done < 3
    resume_run(cut.id)
    finish(cut.id)
    assert load_run(cut.id).state == "done", read_log(cut.id)
    assert np.allclose(figures(cut.id), figures(whole.id), rtol=0, atol=1e-6)
    models = [load_model(run.id) for run in (whole, cut)]
    images = np.random.default_rng(0).integers(0, 256, (5, 48, 48), dtype=np.uint8)
    for head in models[0].info.heads:
        first, second = (Classifier(model).predict_logits(images, head) for model in models)
        assert np.allclose(first, second, atol=1e-5)


def test_second_start_waits_its_turn_and_stop_keeps_whole_epochs(data):
    first = start_run("seed", data, epochs=5000, settings=SMALL)
    wait_for(lambda: read_history(first.id))
    second = start_run("seed", data, epochs=1, settings=SMALL)
    assert (second.state, second.queue_position) == ("queued", 1)
    with pytest.raises(RunError, match="is being worked on"):
        resume_run(first.id)
    with pytest.raises(RunError, match="Stop it first"):
        delete_run(second.id)
    asked = time.monotonic()
    stop_run(first.id)
    wait_for(lambda: load_run(first.id).state == "stopped")
    assert time.monotonic() - asked < 5
    finish(second.id)
    assert load_run(second.id).state == "done", read_log(second.id)
    stopped = load_run(first.id)
    assert load_model(first.id).info.epoch == stopped.epochs_done
    delete_run(second.id)
    assert not second.path.exists()


def test_run_stopped_while_it_waits_never_trains(data):
    runs_dir().mkdir(parents=True)
    slot = take_lock(slot_path())
    try:
        waiting = start_run("seed", data, epochs=1, settings=SMALL)
        wait_for(lambda: "waiting: another training runs" in read_log(waiting.id))
        stop_run(waiting.id)
        wait_for(lambda: load_run(waiting.id).state == "stopped")
    finally:
        os.close(slot)
    assert read_history(waiting.id) == []


def test_run_whose_folder_is_deleted_by_hand_ends_and_frees_the_machine(data):
    run = start_run("seed", data, epochs=5000, settings=SMALL)
    wait_for(lambda: read_history(run.id))
    lock = (run.path / "lock").rename(run.path.parent / "lock-of-the-deleted")
    shutil.rmtree(run.path, ignore_errors=True)
    wait_for(lambda: not is_locked(lock))
    assert not is_locked(slot_path())
    assert list_runs() == []


def test_unreadable_data_fails_with_the_reason(tmp_path):
    run = start_run("seed", str(tmp_path / "none.csv"))
    finish(run.id)
    assert load_run(run.id).state == "failed"
    assert "none.csv" in load_run(run.id).message


def test_interrupted_command_exits_with_130(data, home):
    command = [sys.executable, "-m", "fer_core", "train", "--recipe", "seed", "--data", data, "--epochs", "5000"]
    # A suite that runs in the background of a shell script ignores SIGINT, and its children would, too.
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    finally:
        signal.signal(signal.SIGINT, previous)
    try:
        run_id = process.stdout.readline().strip()
        wait_for(lambda: read_history(run_id))
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=SECONDS) == 130
    finally:
        process.kill()
        process.stdout.close()
    assert load_run(run_id).state == "interrupted"
