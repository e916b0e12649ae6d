"""A network that runs: the shipped seed's, copied where a test wants a model."""

import shutil
from pathlib import Path

import pytest

from fer_core.model import Model, load_model, read_info, shipped_dir, write_info
from tests.builders import make_model_info


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty shelf of shipped models."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    for module in ("folders", "serving"):
        monkeypatch.setattr(f"fer_core.model.{module}.shipped_dir", lambda: folder)
    return folder


SEED = shipped_dir() / "seed"


def put_model(folder: Path, **changes: object) -> Model:
    """A model's folder whose network runs; ``changes`` go into model.json."""
    folder.mkdir(parents=True)
    shutil.copyfile(SEED / "model.tflite", folder / "model.tflite")
    write_info(folder, make_model_info(**({"name": folder.name} | changes)))
    return load_model(folder)


def name_of(folder: Path) -> str:
    """The name that a folder's model.json gives."""
    return read_info(folder).name
