import json
from pathlib import Path

import pytest

from fer_core.errors import ModelError
from fer_core.labels import EMOTIONS
from fer_core.model import ModelInfo, read_info, write_info
from tests.builders import make_model_info


def test_info_comes_back_from_its_json_as_it_was(tmp_path: Path) -> None:
    info = make_model_info(temperature={"label": 1.3}, threshold=0.42, metrics={"test": {"n": 7, "accuracy": 0.5}})
    write_info(tmp_path, info)
    assert read_info(tmp_path) == info
    assert json.loads((tmp_path / "model.json").read_text())["labels"] == list(EMOTIONS)


def test_info_keeps_unknown_keys_out() -> None:
    value = make_model_info().to_json() | {"later": 1}
    assert "later" not in ModelInfo.from_json(value).to_json()


@pytest.mark.parametrize("name", ["labels", "temperature", "data", "selected_on", "test_evaluations"])
def test_info_names_a_missing_key(name: str) -> None:
    value = make_model_info().to_json()
    del value[name]
    with pytest.raises(ModelError, match=rf"model\.json: expected the keys {name}, received an object without\. Export"):
        ModelInfo.from_json(value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("labels", ["happy", "angry"], "labels: expected"),
        ("labels", "angry", "labels"),
        ("input", {"shape": [1, 48, 48], "dtype": "uint8"}, "input: expected"),
        ("parameters", -1, "parameters"),
        ("parameters", "many", "parameters"),
        ("selected_on", "luck", "selected_on"),
        ("temperature", {"label": 0}, "temperature.label"),
        ("temperature", {"label": float("nan")}, "temperature.label"),
        ("temperature", {}, "temperature: expected one for each"),
        ("threshold", 1.5, "threshold"),
        ("live_head", "crowd", "live_head: expected one of"),
        ("heads", ["other"], "heads.0"),
        ("settings", None, "settings"),
    ],
)
def test_info_refuses_a_value_that_cannot_be_used(name: str, value: object, words: str) -> None:
    with pytest.raises(ModelError, match=words) as caught:
        ModelInfo.from_json(make_model_info().to_json() | {name: value})
    assert "received" in str(caught.value)
    assert "Export the model again" in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00", '"name"'])
def test_info_refuses_what_is_no_json_object(tmp_path: Path, text: str) -> None:
    (tmp_path / "model.json").write_text(text)
    with pytest.raises(ModelError, match=r"model\.json: expected .* received"):
        read_info(tmp_path)


def test_info_refuses_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(ModelError, match="expected JSON in UTF-8"):
        read_info(tmp_path)


def test_write_info_refuses_what_read_info_would(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="threshold"):
        write_info(tmp_path, make_model_info(threshold=2.0))
    assert not list(tmp_path.iterdir())
