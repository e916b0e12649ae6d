"""Trainings in processes of their own, as the app and the command line start them."""

import errno
import json
import os
import re
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
    create_run,
    delete_run,
    list_runs,
    load_run,
    read_confusion,
    read_history,
    read_log,
    read_steps,
    resume_run,
    start_run,
    stop_run,
)
from fer_core.runs.control import slot_path
from fer_core.runs.lock import is_locked
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
    wait_for(lambda: read_history(cut.id))
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


def test_run_leaves_a_model_that_knows_what_it_is(data):
    run = start_run("seed", data, epochs=1, settings=SMALL)
    finish(run.id)
    done = load_run(run.id)
    assert done.state == "done", read_log(run.id)
    assert sorted(path.name for path in done.model_path.iterdir()) == [
        "evaluation.npz",
        "history.csv",
        "model.browser.tflite",
        "model.json",
        "model.keras",
        "model.tflite",
    ]
    info = load_model(run.id).info
    assert (info.parameters, info.recipe, info.selected_on, info.epoch) == (551687, "seed", "none", 1)
    assert info.data["splits"]["test"]["n"] == 14
    assert set(info.metrics) == {"train", "validation"}
    with np.load(done.model_path / "evaluation.npz") as answers:
        assert answers["validation_logits"].shape == (35, 7)
        assert not any(name.startswith("test") for name in answers.files)
    assert read_confusion(run.id).sum() == 35
    assert read_steps(run.id)[-1]["epoch"] == 1.0
    assert read_steps(run.id)[-1]["loss"] == pytest.approx(read_history(run.id)[0]["loss"])


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
    first = start_run("seed", data, epochs=5000, settings=SMALL)
    second = start_run("seed", data, epochs=1, settings=SMALL)
    stop_run(second.id)
    wait_for(lambda: load_run(second.id).state == "stopped")
    assert read_history(second.id) == []
    stop_run(first.id)
    finish(first.id)


def test_dataset_that_is_another_one_is_refused_on_resume(data):
    run = start_run("seed", data, epochs=5000, settings=SMALL)
    wait_for(lambda: read_history(run.id))
    stop_run(run.id)
    wait_for(lambda: load_run(run.id).model_path)
    make_csv(Path(data), train=211, validation=35, test=14)
    wait_for(lambda: _resumes(run.id))
    finish(run.id)
    assert load_run(run.id).state == "failed"
    assert "expected the dataset that this run began with" in load_run(run.id).message


def _resumes(run_id: str) -> bool:
    try:
        resume_run(run_id)
    except RunError:
        return False
    return True


def test_training_that_diverges_fails_and_says_where(data):
    run = start_run("seed", data, epochs=3, settings={**SMALL, "learning_rate": 10, "optimizer": "sgd", "momentum": 0.99})
    finish(run.id)
    failed = load_run(run.id)
    assert failed.state == "failed"
    assert failed.message.startswith("epoch 1, batch ")
    assert "lower learning_rate" in failed.message


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


def test_resume_on_other_terms_is_refused_with_the_difference(data):
    run = start_run("seed", data, epochs=500, settings=SMALL)
    wait_for(lambda: read_history(run.id))
    stop_run(run.id)
    wait_for(lambda: not is_locked(load_run(run.id).path / "lock"))
    path = load_run(run.id).path / "run.json"
    document = json.loads(path.read_text())
    document["recipe"]["learning_rate"] = 0.25
    path.write_text(json.dumps(document))
    resume_run(run.id)
    finish(run.id)
    assert load_run(run.id).state == "failed"
    assert "learning_rate: 0.001, now 0.25" in load_run(run.id).message


FULL = {
    "disk": (OSError(errno.ENOSPC, "No space left on device", "epoch-00002.npz"), r"disk is full \(epoch-00002.npz\)"),
    "memory": (MemoryError(), "not enough memory"),
}


@pytest.mark.parametrize(("error", "message"), FULL.values(), ids=FULL)
def test_run_without_room_fails_with_a_remedy_and_resumes_from_its_checkpoint(data, monkeypatch, error, message):
    from fer_core.training.fit import Outcome
    from fer_core.training.process import work_on

    def fit_once(recipe, material, record):
        if (record.folder / "went-on").exists():
            return Outcome(False, (), 0, [])
        (record.folder / "went-on").touch()
        assert (record.folder / ".reserve").stat().st_size == 65536
        raise error

    monkeypatch.setattr("fer_core.training.fit.fit", fit_once)
    run = create_run("seed", data, settings=SMALL)
    with pytest.raises(RunError, match=message):
        work_on(run.id)
    assert load_run(run.id).state == "failed"
    assert re.search(message, load_run(run.id).message)
    assert not (run.path / ".reserve").exists()
    assert work_on(run.id).state == "stopped"
