"""Saliency: a network that looks at one place is found to look there."""

import cv2
import numpy as np
import pytest

from benchmarks.random_weights import shuffle_weights
from fer_core.dataset import draw_sample
from fer_core.evaluation import fade_curve, find_saliency, order_pixels
from fer_core.labels import EMOTIONS
from fer_core.model import Classifier, load_model


class LooksAtACorner:
    """Says happy, the surer the brighter the upper left ninth of the image; all else is one."""

    def __init__(self):
        self.asked = 0

    def predict_logits(self, images, head="label"):
        self.asked += len(images)
        logits = np.zeros((len(images), 7), np.float32)
        logits[:, EMOTIONS.index("happy")] = images[:, :16, :16].mean(axis=(1, 2)) / 20
        return logits


@pytest.fixture
def image():
    """Noise, so that a blur darkens nothing but the bright corner."""
    pixels = np.random.default_rng(0).integers(0, 60, (48, 48), dtype=np.uint8)
    pixels[2:14, 2:14] += 180
    return pixels


def test_saliency_lies_where_the_network_looks_and_speaks_for_its_answer(image):
    network = LooksAtACorner()
    maps = find_saliency(network, image)
    assert maps.shape == (7, 48, 48)
    happy, sad = maps[EMOTIONS.index("happy")], maps[EMOTIONS.index("sad")]
    assert np.unravel_index(happy.argmax(), happy.shape) < (16, 16)
    assert happy[4:12, 4:12].mean() > 10 * np.abs(happy[24:, 24:]).mean()
    assert sad[4:12, 4:12].mean() < 0
    assert network.asked == 50


def test_fade_curves_fall_and_rise_sooner_by_saliency_than_by_chance(image):
    network, happy = LooksAtACorner(), EMOTIONS.index("happy")
    order = order_pixels(find_saliency(network, image)[happy])
    chance = order_pixels(cv2.resize(np.random.default_rng(1).random((8, 8)), (48, 48)))
    for insert, better in ((False, np.less), (True, np.greater)):
        ours, theirs = (fade_curve(network, image, by, happy, insert=insert) for by in (order, chance))
        assert better(ours.mean(), theirs.mean() + (0.03 if insert else -0.03))
        assert (ours[0], ours[-1]) == pytest.approx((theirs[0], theirs[-1]))


def test_saliency_of_random_weights_is_another_map_and_a_faint_one(tmp_path):
    """The map shows what the model has learned, not edges that any network would find (Adebayo et al. 2018)."""
    trained = load_model("compact")
    networks = Classifier(trained), Classifier(shuffle_weights(trained, tmp_path / "random"))
    images = draw_sample().split("validation").images[::40]
    named = networks[0].predict_logits(images).argmax(axis=1)
    pairs = [[find_saliency(network, image)[k] for network in networks] for image, k in zip(images, named, strict=True)]
    likeness = [np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] for ours, theirs in pairs]
    assert len(likeness) == 7
    assert np.abs(likeness).mean() < 0.5
    assert max(likeness) < 0.8
    assert np.mean([theirs.std() / ours.std() for ours, theirs in pairs]) < 0.1
