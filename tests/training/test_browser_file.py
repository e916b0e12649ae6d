from pathlib import Path

import numpy as np
import pytest

from fer_core.errors import ModelError
from fer_core.model import BROWSER_FILE, load_model
from fer_core.training import browser_file
from fer_core.training.browser_file import add_browser_file, run_one_by_one, write_browser_file
from tests.builders import make_model

IMAGES = np.random.default_rng(0).integers(256, size=(24, 48, 48), dtype=np.uint8)


@pytest.fixture(scope="module")
def network():
    import keras

    return keras.models.load_model(load_model("seed").path / "model.keras", compile=False)


def said(network) -> np.ndarray:
    return np.asarray(network.predict(IMAGES[..., None], verbose=0)).argmax(axis=1)


def test_network_for_browsers_has_eight_bits_and_says_the_same(network, tmp_path: Path):
    truth = said(network)
    assert write_browser_file(network, tmp_path / "b.tflite", IMAGES[:8], {"label": truth[:8]}) == 8
    content = (tmp_path / "b.tflite").read_bytes()
    assert len(content) < 0.3 * 4 * network.count_params()
    assert (run_one_by_one(content, IMAGES)["logits"].argmax(axis=1) == truth).mean() >= 0.9
    assert [path.name for path in tmp_path.iterdir()] == ["b.tflite"]


def test_more_bits_are_taken_where_eight_lose_too_much(network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    whole, asked = browser_file.run_one_by_one, []

    def worse_with_eight(content: bytes, images: np.ndarray) -> dict[str, np.ndarray]:
        answers = whole(content, images)
        asked.append(len(content))
        return {"logits": -answers["logits"]} if len(asked) == 1 else answers

    monkeypatch.setattr(browser_file, "run_one_by_one", worse_with_eight)
    assert write_browser_file(network, tmp_path / "b.tflite", IMAGES[:8], {"label": said(network)[:8]}) == 16
    assert asked[1] > 1.7 * asked[0]


def test_images_without_a_truth_do_not_count(network, tmp_path: Path):
    truth = np.full(4, -1)
    assert write_browser_file(network, tmp_path / "b.tflite", IMAGES[:4], {"label": truth}) == 8


def test_model_without_weights_is_told(tmp_path: Path):
    with pytest.raises(ModelError, match="expected the model's weights"):
        add_browser_file(make_model(tmp_path / "model"))


@pytest.mark.parametrize("name", ["studio", "compact", "seed"])
def test_shipped_models_have_a_network_for_browsers_that_says_what_they_say(name: str):
    from fer_core.dataset import SAMPLE, load_dataset
    from fer_core.model import OUTPUTS, Classifier

    model = load_model(name)
    images = load_dataset(SAMPLE).split("validation").images[:60]
    head = model.info.live_head
    answers = run_one_by_one((model.path / BROWSER_FILE).read_bytes(), images)[OUTPUTS[head]]
    same = answers.argmax(axis=1) == Classifier(model).predict_logits(images, head).argmax(axis=1)
    assert same.mean() >= 0.95
