"""Batch normalisation's statistics, measured anew."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from fer_core.dataset import load_dataset
from fer_core.model import OUTPUTS, load_model
from fer_core.runs import find_recipe
from fer_core.training.networks import build_network
from fer_core.training.statistics import MOST_IMAGES, measure_statistics
from tests.builders import make_csv
from tests.training.here import train_here

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
RECIPE = replace(find_recipe("quick"), dropout=0.0)


def draw_images(n: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, size=(n, 48, 48), dtype=np.uint8)


def test_network_with_them_answers_a_batch_as_in_training():
    network, images = build_network(RECIPE), draw_images(40)
    measure_statistics(network, images)
    answers, trained = (np.asarray(network(images[..., None], training=mode)[OUTPUTS["label"]]) for mode in (False, True))
    np.testing.assert_allclose(answers, trained, atol=1e-3)


@pytest.mark.parametrize("n", [600, MOST_IMAGES + 2000])
def test_they_are_of_all_batches_together(n):
    network, images = build_network(RECIPE), draw_images(n)
    images[: n // 2] //= 4
    measure_statistics(network, images)
    first = next(layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization))
    before = keras.Model(network.input, first.input)
    seen = np.concatenate([np.asarray(before(part[..., None])) for part in np.array_split(images[:: 1 + n // 4000], 20)])
    np.testing.assert_allclose(np.asarray(first.moving_mean), seen.mean(axis=(0, 1, 2)), rtol=0.05, atol=0.01)
    np.testing.assert_allclose(np.asarray(first.moving_variance), seen.var(axis=(0, 1, 2)), rtol=0.1)


def test_nothing_but_them_changes():
    network = build_network(RECIPE)
    before = network.get_weights()
    measure_statistics(network, draw_images(40))
    after = network.get_weights()
    names = [variable.path for variable in network.weights]
    changed = {name.rsplit("/", 1)[1] for name, old, new in zip(names, before, after, strict=True) if (old != new).any()}
    assert changed == {"moving_mean", "moving_variance"}


def test_exported_model_has_them_and_its_run_says_so(tmp_path: Path):
    data = str(make_csv(tmp_path / "small.csv", train=70, validation=35, test=7))
    run = train_here("quick", data, epochs=1, settings={"statistics": "plain", "batch_size": 35})
    assert run.message == "Done after epoch 1; the model has the weights of epoch 1 on the statistics of plain images."
    network = keras.models.load_model(load_model(run.id).path / "model.keras", compile=False)
    exported = network.get_weights()
    measure_statistics(network, load_dataset(data).split("train").images)
    for old, new in zip(exported, network.get_weights(), strict=True):
        np.testing.assert_allclose(old, new, rtol=1e-4, atol=1e-4)


def test_network_without_normalisation_stays_as_it_is():
    network = build_network(find_recipe("seed"))
    before = network.get_weights()
    measure_statistics(network, draw_images(3))
    for old, new in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
