from pathlib import Path

import pytest

from fer_core.errors import ModelError
from fer_core.model import load_model, promote, serve, serving_name, serving_note
from tests.model.conftest import name_of, put_model


def test_serving_is_the_first_of_studio_compact_seed(home: Path, shipped: Path) -> None:
    assert serving_name() is None
    for name in ("seed", "compact"):
        put_model(shipped / name)
        assert serving_name() == name
    put_model(home / "models" / "studio")
    assert serving_name() == "studio"
    assert load_model().name == "studio"


def test_serve_chooses_until_the_model_is_gone(home: Path, shipped: Path) -> None:
    put_model(shipped / "seed")
    put_model(shipped / "compact")
    mine = put_model(home / "models" / "mine")
    serve("mine")
    assert (serving_name(), serving_note()) == ("mine", None)
    for file in mine.path.iterdir():
        file.unlink()
    assert serving_name() == load_model().name == "compact"
    assert serving_note() == "The chosen model mine is gone, so another serves. Choose one again."


@pytest.mark.parametrize("text", ["", "{", "[]", '{"other": 1}', '{"name": 3}', '{"name": "../seed"}'])
def test_serving_survives_a_choice_that_cannot_be_read(home: Path, shipped: Path, text: str) -> None:
    put_model(shipped / "seed")
    home.mkdir(exist_ok=True)
    (home / "serving.json").write_text(text)
    assert serving_name() == "seed"
    assert serving_note()


def test_serving_passes_by_a_broken_preferred_model(home: Path, shipped: Path) -> None:
    put_model(shipped / "seed")
    put_model(shipped / "compact").tflite_path.unlink()
    assert serving_name() == "seed"


@pytest.mark.parametrize("name", ["gone", "r1", "../seed", ""])
def test_serve_refuses_what_is_neither_promoted_nor_shipped(home: Path, shipped: Path, name: str) -> None:
    put_model(home / "runs" / "r1" / "model")
    with pytest.raises(ModelError, match="promoted or shipped"):
        serve(name)
    assert not (home / "serving.json").exists()


def test_serve_refuses_a_network_that_does_not_run(home: Path, shipped: Path) -> None:
    model = put_model(shipped / "seed")
    model.tflite_path.write_bytes(model.tflite_path.read_bytes()[:5000])
    with pytest.raises(ModelError, match="damaged"):
        serve("seed")
    assert not (home / "serving.json").exists()


def test_promote_copies_a_runs_model_under_its_new_name(home: Path, shipped: Path) -> None:
    run = put_model(home / "runs" / "r1" / "model", name="seed", run_id="r1")
    (run.path / "evaluation.npz").write_bytes(b"figures")
    model = promote("r1", "my-model")
    assert (model.name, model.origin, model.path) == ("my-model", "promoted", home / "models" / "my-model")
    assert model.digest == run.digest
    assert name_of(model.path) == "my-model"
    assert model.info.run_id == "r1"
    assert (model.path / "evaluation.npz").read_bytes() == b"figures"
    assert [path.name for path in (home / "models").iterdir()] == ["my-model"]


def test_promote_replaces_only_when_asked(home: Path, shipped: Path) -> None:
    put_model(home / "runs" / "r1" / "model", threshold=0.1)
    put_model(home / "runs" / "r2" / "model", threshold=0.2)
    promote("r1", "mine")
    with pytest.raises(ModelError, match="which is taken"):
        promote("r2", "mine")
    assert load_model("mine").info.threshold == 0.1
    assert promote("r2", "mine", replace=True).info.threshold == 0.2
    assert [path.name for path in (home / "models").iterdir()] == ["mine"]


@pytest.mark.parametrize("name", ["", "Mine", "my model", "../x", "a/b", ".", "ä", "x" * 41, "mine\n"])
def test_promote_refuses_a_name_that_could_not_be_a_folder(home: Path, shipped: Path, name: str) -> None:
    put_model(home / "runs" / "r1" / "model")
    with pytest.raises(ModelError, match="expected a name of 1 to 40"):
        promote("r1", name)
    assert not (home / "models").exists()


def test_promote_refuses_a_shipped_models_name(home: Path, shipped: Path) -> None:
    put_model(shipped / "seed")
    put_model(home / "runs" / "r1" / "model")
    with pytest.raises(ModelError, match="shipped"):
        promote("r1", "seed", replace=True)


@pytest.mark.parametrize("run_id", ["none", "", "..", "../runs/r1", "r2"])
def test_promote_refuses_a_run_without_a_model(home: Path, shipped: Path, run_id: str) -> None:
    put_model(home / "runs" / "r1" / "model")
    (home / "runs" / "r2").mkdir()
    with pytest.raises(ModelError, match="expected a"):
        promote(run_id, "mine")


def test_promote_leaves_nothing_of_a_network_that_does_not_run(home: Path, shipped: Path) -> None:
    model = put_model(home / "runs" / "r1" / "model")
    model.tflite_path.write_bytes(model.tflite_path.read_bytes()[:5000])
    with pytest.raises(ModelError, match="damaged"):
        promote("r1", "mine")
    assert not (home / "models" / "mine").exists()
