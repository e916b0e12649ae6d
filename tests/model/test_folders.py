import hashlib
import os
from pathlib import Path

import pytest

from fer_core.errors import ModelError
from fer_core.model import list_models, load_model, shipped_dir
from tests.model.conftest import put_model


def test_load_model_finds_promoted_before_shipped_then_runs_then_folders(home: Path, shipped: Path, tmp_path: Path) -> None:
    put_model(shipped / "seed")
    put_model(shipped / "compact")
    put_model(home / "models" / "seed")
    put_model(home / "runs" / "20260101-seed-1" / "model", name="seed")
    put_model(tmp_path / "given", name="mine")
    found = [load_model(ref) for ref in ("seed", "compact", "20260101-seed-1", str(tmp_path / "given"), tmp_path / "given")]
    assert [(model.name, model.origin) for model in found] == [
        ("seed", "promoted"),
        ("compact", "shipped"),
        ("20260101-seed-1", "run"),
        ("mine", "folder"),
        ("mine", "folder"),
    ]


def test_load_model_knows_a_run_by_its_folder_too(home: Path, shipped: Path) -> None:
    folder = home / "runs" / "r1" / "model"
    put_model(folder, name="seed")
    assert (load_model(folder).name, load_model(folder).origin) == ("r1", "run")


@pytest.mark.parametrize("ref", ["sed", "", "../seed", "a/b", "no such"])
def test_load_model_names_the_nearest_where_there_is_none(home: Path, shipped: Path, ref: str) -> None:
    put_model(shipped / "seed")
    with pytest.raises(ModelError, match=r"expected the name of a model.*received.*Nearest: seed\."):
        load_model(ref)


def test_load_model_says_what_to_do_where_there_is_no_model_at_all(home: Path, shipped: Path) -> None:
    with pytest.raises(ModelError, match="fer-studio train"):
        load_model("seed")
    with pytest.raises(ModelError, match="expected a serving model"):
        load_model(None)


def test_load_model_says_that_a_run_has_no_model_yet(home: Path, shipped: Path) -> None:
    (home / "runs" / "r1").mkdir(parents=True)
    with pytest.raises(ModelError, match="received r1, which has none yet"):
        load_model("r1")


@pytest.mark.parametrize(
    ("content", "words"), [(None, "received none"), (b"", "something else"), (b"PK" * 50, "something else")]
)
def test_load_model_refuses_a_folder_without_a_network(home: Path, tmp_path: Path, content: bytes | None, words: str) -> None:
    put_model(tmp_path / "given")
    network = tmp_path / "given" / "model.tflite"
    network.unlink() if content is None else network.write_bytes(content)
    with pytest.raises(ModelError, match=rf"model\.tflite: expected .*{words}"):
        load_model(tmp_path / "given")


def test_list_models_leaves_out_what_it_cannot_read_and_says_so(
    home: Path, shipped: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put_model(shipped / "seed")
    put_model(shipped / "compact")
    put_model(home / "models" / "mine")
    put_model(home / "models" / "broken")
    (home / "models" / "broken" / "model.json").write_text("{")
    (home / "models" / ".mine.tmp").mkdir()
    assert [model.name for model in list_models()] == ["mine", "compact", "seed"]
    assert "broken" in caplog.text


def test_list_models_is_empty_where_nothing_is(home: Path, shipped: Path) -> None:
    assert list_models() == []


def test_model_digest_follows_the_file(home: Path, tmp_path: Path) -> None:
    model = put_model(tmp_path / "given")
    assert model.digest == hashlib.sha256(model.tflite_path.read_bytes()).hexdigest()
    model.tflite_path.write_bytes(b"\x1c\0\0\0TFL3")
    os.utime(model.tflite_path, ns=(1, 1))
    assert model.digest == hashlib.sha256(b"\x1c\0\0\0TFL3").hexdigest()
    model.tflite_path.unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        _ = model.digest


def test_shipped_seed_is_the_networks_551687_parameters() -> None:
    assert load_model(shipped_dir() / "seed").info.parameters == 551687


@pytest.mark.parametrize(("name", "split"), [("seed", "none"), ("compact", "validation"), ("studio", "validation")])
def test_shipped_models_say_which_split_chose_them_among_epochs_or_runs(name: str, split: str) -> None:
    assert load_model(shipped_dir() / name).info.selected_on == split
