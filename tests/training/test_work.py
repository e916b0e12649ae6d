"""What a training leaves, and what it refuses, whatever process it runs in."""

import errno
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fer_core.errors import RunError
from fer_core.model import load_model
from fer_core.runs import Run, create_run, load_run, read_confusion, read_history, read_log, read_steps
from fer_core.runs.folder import runs_dir
from tests.builders import make_csv
from tests.training.here import go_on_here, stop_here, train_here

SMALL = {"batch_size": 16}


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(make_csv(tmp_path / "small.csv", train=210, validation=35, test=14))


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A run that was stopped and has a checkpoint, in a home of the module's own."""
    folder = tmp_path_factory.mktemp("stopped")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FER_HOME", str(folder / "home"))
        patch.setenv("FER_MLFLOW", "0")
        run = stop_here("seed", str(make_csv(folder / "small.csv", train=210, validation=35, test=14)), settings=SMALL)
        assert run.state == "stopped", read_log(run.id)
        yield run


@pytest.fixture
def resumable(stopped: Run) -> Path:
    """A copy of that run in the test's own home."""
    return Path(shutil.copytree(stopped.path, runs_dir() / stopped.id))


def change(folder: Path, change_one: Any) -> None:
    document = json.loads((folder / "run.json").read_text())
    change_one(document)
    (folder / "run.json").write_text(json.dumps(document))


def test_run_leaves_a_model_that_knows_what_it_is(data):
    done = train_here("seed", data, epochs=1, settings=SMALL)
    assert done.state == "done", read_log(done.id)
    assert sorted(path.name for path in done.model_path.iterdir()) == [
        "evaluation.npz",
        "history.csv",
        "model.browser.tflite",
        "model.json",
        "model.keras",
        "model.tflite",
    ]
    info = load_model(done.id).info
    assert (info.parameters, info.recipe, info.selected_on, info.epoch) == (551687, "seed", "none", 1)
    assert info.data["splits"]["test"]["n"] == 14
    assert set(info.metrics) == {"train", "validation"}
    with np.load(done.model_path / "evaluation.npz") as answers:
        assert answers["validation_logits"].shape == (35, 7)
        assert not any(name.startswith("test") for name in answers.files)
    assert read_confusion(done.id).sum() == 35
    assert read_steps(done.id)[-1]["epoch"] == 1.0
    assert read_steps(done.id)[-1]["loss"] == pytest.approx(read_history(done.id)[0]["loss"])


def test_dataset_that_is_another_one_is_refused_on_resume(resumable: Path, tmp_path: Path):
    other = str(make_csv(tmp_path / "small.csv", train=211, validation=35, test=14))
    change(resumable, lambda document: document.update(data=other))
    failed = go_on_here(resumable.name)
    assert failed.state == "failed"
    assert "expected the dataset that this run began with" in failed.message


def test_resume_on_other_terms_is_refused_with_the_difference(resumable: Path):
    change(resumable, lambda document: document["recipe"].update(learning_rate=0.25))
    failed = go_on_here(resumable.name)
    assert failed.state == "failed"
    assert "learning_rate: 0.001, now 0.25" in failed.message


def test_training_that_diverges_fails_and_says_where(data):
    failed = train_here("seed", data, epochs=3, settings={**SMALL, "learning_rate": 10, "optimizer": "sgd", "momentum": 0.99})
    assert failed.state == "failed"
    assert failed.message.startswith("epoch 1, batch ")
    assert "lower learning_rate" in failed.message


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
