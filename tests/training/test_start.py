"""Trainings that start from another model's weights."""

from pathlib import Path

import keras
import numpy as np
import pytest

from fer_core.dataset import load_dataset
from fer_core.evaluation import log_loss
from fer_core.files import write_json
from fer_core.model import Classifier, load_model, softmax
from fer_core.runs import create_run, read_history, read_log
from fer_core.runs.folder import read_document
from tests.builders import make_csv
from tests.training.here import go_on_here, train_here


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(make_csv(tmp_path / "small.csv", train=64, validation=35, test=7))


def test_run_starts_where_another_model_stands_and_says_which_one(data):
    run = train_here("seed", data, epochs=1, settings={"start": "seed", "learning_rate": 1e-7})
    assert run.state == "done", read_log(run.id)
    assert "started from seed: 5 of 5 layers" in read_log(run.id)
    model = load_model("seed")
    validation = load_dataset(data).split("validation")
    stood = log_loss(softmax(Classifier(model).predict_logits(validation.images)), validation.labels)
    assert read_history(run.id)[0]["val_loss"] == pytest.approx(stood, rel=1e-3)
    source = {"given": "seed", "run_id": model.info.run_id, "digest": model.digest}
    assert load_model(run.id).info.data["models"] == [source]


def test_start_from_a_model_that_changed_since_the_run_began_is_refused(data):
    run = create_run("seed", data, settings={"start": "seed", "epochs": 1})
    document = read_document(run.path)
    write_json(run.path / "run.json", document | {"sources": [{"given": "seed", "run_id": "older", "digest": "d" * 64}]})
    failed = go_on_here(run.id)
    assert failed.state == "failed"
    assert "seed: expected the model that the run began with, received another one. Start a new run." in failed.message


def test_start_from_another_kind_of_network_is_refused(data):
    failed = train_here("compact", data, epochs=1, settings={"start": "seed"})
    assert failed.state == "failed"
    assert "seed: expected a network that begins like vgg, received seed" in failed.message


def test_start_from_two_models_is_the_mean_of_their_weights(data):
    first, second = (train_here("seed", data, epochs=1, settings={"seed": seed}) for seed in (1, 2))
    both = f"{first.id},{second.id}"
    mixed = train_here("seed", data, epochs=1, settings={"start": both, "learning_rate": 1e-7})
    assert mixed.state == "done", read_log(mixed.id)
    assert f"started from {first.id} and {second.id}: 5 of 5 layers" in read_log(mixed.id)
    paths = [load_model(run.id).path / "model.keras" for run in (first, second, mixed)]
    weights = [keras.models.load_model(path, compile=False).get_weights() for path in paths]
    assert np.abs(weights[0][0] - weights[1][0]).max() > 0.01
    for one, other, mean in zip(*weights, strict=True):
        np.testing.assert_allclose(mean, (one + other) / 2, atol=1e-5)
    assert [source["given"] for source in load_model(mixed.id).info.data["models"]] == [first.id, second.id]


def test_start_from_models_of_two_networks_is_refused(data):
    compact = train_here("compact", data, epochs=1)
    failed = train_here("seed", data, epochs=1, settings={"start": f"seed,{compact.id}"})
    assert failed.state == "failed"
    assert f"{compact.id}: expected" in failed.message
