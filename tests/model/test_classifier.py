import threading
from pathlib import Path

import numpy as np
import pytest

from fer_core.errors import ModelError
from fer_core.model import Classifier, load_model, softmax
from tests.builders import make_split
from tests.model.conftest import SEED, put_model


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier(load_model(SEED))


@pytest.mark.parametrize("n", [0, 1, 2, 63, 64, 65, 130])
def test_classifier_gives_an_image_the_same_logits_in_any_batch(classifier: Classifier, n: int) -> None:
    images = make_split(130).images
    whole = classifier.predict_logits(images)
    part = classifier.predict_logits(images[:n])
    assert (part.shape, part.dtype) == ((n, 7), np.float32)
    np.testing.assert_allclose(part, whole[:n], atol=1e-4)


@pytest.mark.parametrize("name", ["seed", "compact", "studio"])
def test_classifier_runs_a_shipped_models_small_network_where_it_is_asked_to(name: str) -> None:
    images = make_split(70).images
    small, whole = (Classifier(load_model(name), small=small).predict_probabilities(images) for small in (True, False))
    assert 0 < np.abs(small - whole).max() < 0.05


def test_classifier_runs_the_whole_network_of_a_model_without_a_small_one(tmp_path: Path, classifier: Classifier) -> None:
    model, images = put_model(tmp_path / "whole"), make_split(3).images
    np.testing.assert_array_equal(Classifier(model, small=True).predict_logits(images), classifier.predict_logits(images))


def test_classifier_refuses_a_small_network_cut_short(tmp_path: Path) -> None:
    model = put_model(tmp_path / "cut")
    model.browser_path.write_bytes((SEED / "model.browser.tflite").read_bytes()[:1000])
    with pytest.raises(ModelError, match=r"model\.browser\.tflite: expected a network, received a damaged file"):
        Classifier(model, small=True)


def test_classifier_divides_by_the_temperature(tmp_path: Path, classifier: Classifier) -> None:
    warm = Classifier(put_model(tmp_path / "warm", temperature={"label": 2.0}))
    images = make_split(5).images
    probabilities = warm.predict_probabilities(images)
    np.testing.assert_allclose(probabilities, softmax(classifier.predict_logits(images) / 2), atol=1e-5)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert classifier.predict_probabilities(images[:0]).shape == (0, 7)


def test_classifier_takes_the_threshold_of_its_model(tmp_path: Path) -> None:
    assert Classifier(put_model(tmp_path / "strict", threshold=0.7)).threshold == 0.7


@pytest.mark.parametrize(
    "images",
    [np.zeros((48, 48), np.uint8), np.zeros((1, 48, 48, 1), np.uint8), np.zeros((1, 47, 48), np.uint8), np.zeros((1, 48, 48))],
)
def test_classifier_refuses_other_images(classifier: Classifier, images: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"expected \(n, 48, 48\) uint8, received"):
        classifier.predict_logits(images)


def test_classifier_refuses_a_head_that_the_model_has_not(classifier: Classifier) -> None:
    with pytest.raises(ModelError, match="received 'crowd'"):
        classifier.predict_logits(make_split(1).images, head="crowd")


def test_classifier_refuses_a_model_that_promises_a_head_it_has_not(tmp_path: Path) -> None:
    model = put_model(tmp_path / "two", heads=["label", "crowd"], temperature={"label": 1.0, "crowd": 1.0})
    with pytest.raises(ModelError, match=r"expected outputs \['crowd_logits'\], received \['logits'\]"):
        Classifier(model)


def test_classifier_refuses_a_network_cut_short(tmp_path: Path) -> None:
    model = put_model(tmp_path / "cut")
    for size in (9, 1000, model.tflite_path.stat().st_size - 100):
        model.tflite_path.write_bytes((SEED / "model.tflite").read_bytes()[:size])
        with pytest.raises(ModelError, match=r"model\.tflite: expected a network, received a damaged file"):
            Classifier(model)


def test_classifier_refuses_a_network_with_another_use(tmp_path: Path) -> None:
    from fer_core.vision.detection import find_model_file

    model = put_model(tmp_path / "other")
    model.tflite_path.write_bytes(find_model_file().read_bytes())
    with pytest.raises(ModelError, match=r"expected a signature serve, received \[\]"):
        Classifier(model)


def test_classifier_may_be_shared_by_threads(classifier: Classifier) -> None:
    images = make_split(40).images
    wanted = classifier.predict_logits(images)
    given: dict[int, np.ndarray] = {}

    def work(number: int) -> None:
        given[number] = classifier.predict_logits(images[: 10 * number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    for number in range(1, 5):
        np.testing.assert_allclose(given[number], wanted[: 10 * number], atol=1e-4)
