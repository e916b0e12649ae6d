"""What the training page is made of, without a page."""

import zipfile
from io import BytesIO

import pytest

from fer_core.runs import RECIPES, with_settings
from fer_core.ui import training_form
from fer_core.ui.durations import spoken
from fer_core.ui.run_buttons import zip_folder


def test_estimate_counts_validation_as_a_third_and_the_start():
    recipe = with_settings(RECIPES["seed"], {"epochs": 10})
    assert training_form.estimate_s(recipe, {"train": 900, "validation": 300}, 100.0) == training_form.START_S + 100.0


def test_model_is_packed_whole(tmp_path):
    (tmp_path / "model.json").write_text("{}")
    (tmp_path / "model.tflite").write_bytes(b"x" * 10)
    with zipfile.ZipFile(BytesIO(zip_folder(tmp_path, "run-1"))) as packed:
        assert sorted(packed.namelist()) == ["run-1/model.json", "run-1/model.tflite"]
        assert packed.read("run-1/model.tflite") == b"x" * 10


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (89, "89 s"), (90, "2 min"), (3600, "60 min"), (7500, "2 h 5 min"), (7200, "2 h")]
)
def test_spoken_says_one_or_two_units(seconds: float, words: str):
    assert spoken(seconds) == words
