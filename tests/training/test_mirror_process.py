"""Whole trainings, mirrored to a real MLflow store: as it should be, and killed again and again."""

import random

import pytest

from fer_core.runs import load_run, read_log, resume_run, start_run
from fer_core.training.store import database_path, tracking_uri
from tests.builders import make_csv
from tests.training.here import train_here
from tests.training.killing import (
    SETTINGS,
    UNSENT,
    after,
    disagreements,
    kill_at,
    leave_mirrored,
    read_stored,
    resume_to_the_end,
    until_acknowledged,
    until_checkpoint,
    until_draft,
    until_line,
)
from tests.training.waiting import finish

EPOCHS = 45


@pytest.fixture(autouse=True)
def mirrored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mirroring is on, to the file below FER_HOME."""
    monkeypatch.setenv("FER_MLFLOW", "1")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)


def test_training_ends_up_in_mlflow_as_in_its_folder(tmp_path, monkeypatch):
    data = str(make_csv(tmp_path / "small.csv", train=70, validation=14, test=7))
    monkeypatch.setenv("FER_MLFLOW", "0")
    before = train_here("seed", data, epochs=1, settings=SETTINGS)
    assert not database_path().exists()
    monkeypatch.setenv("FER_MLFLOW", "1")
    run = start_run("seed", data, epochs=2, settings=SETTINGS)
    finish(run.id)
    leave_mirrored(run.id, before.id)
    assert load_run(run.id).state == "done", read_log(run.id)
    assert [disagreements(load_run(run_id), tracking_uri()) for run_id in (run.id, before.id)] == [[], []]
    (stored,) = read_stored(tracking_uri(), run.id)
    assert (stored.params["batch_size"], stored.params["network"]) == ("16", "seed")
    assert (stored.tags["data"], stored.tags["recipe"]) == ("small", "seed")
    assert [line for line in read_log(run.id).splitlines() if "mlflow" in line.lower() and UNSENT not in line] == []


def test_training_killed_again_and_again_has_each_epoch_once(tmp_path):
    data = str(make_csv(tmp_path / "small.csv", train=420, validation=14, test=7))
    run = start_run("seed", data, epochs=EPOCHS, settings=SETTINGS)
    rng = random.Random(0)
    moments = [until_draft, until_checkpoint, until_line, until_acknowledged, after(rng.uniform(4, 12))]
    killed = 0
    for moment in moments:
        if not kill_at(run.id, moment):
            break
        killed += 1
        resume_run(run.id)
    assert killed >= 3
    done = resume_to_the_end(run.id, within_s=600)
    assert (done.state, done.epochs_done) == ("done", EPOCHS), read_log(run.id)
    leave_mirrored(run.id)
    assert disagreements(done, tracking_uri()) == []
