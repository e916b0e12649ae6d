"""Fixtures that every layer of the suite shares."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fer_core.dataset import Dataset, load_dataset

FER2013_CSV = os.environ.get("FER2013_CSV")
LONG = (
    "training/test_process.py",
    "training/test_mirror_process.py",
    "browser/test_pages.py",
    "browser/test_evaluation.py",
    "browser/test_live_relay.py",
    "browser/test_live_again.py",
    "browser/test_behind_caddy.py",
    "browser/test_live_video.py",
    "browser/test_live_in_browser.py",
    "training/test_heads_and_teachers.py",
    "training/test_work.py",
    "browser/test_sign_in.py",
    "browser/test_training_run.py",
    "training/test_browser_file.py",
    "training/test_start.py",
    "browser/test_live_in_firefox.py",
)
"""Files that start processes and take longest, the longest first: a worker that ends with one leaves no other idle for long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files last, and skip what needs the real dataset where it is not on this machine."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(f"{item.path.parent.name}/{item.path.name}", -1))
    if FER2013_CSV:
        return
    for item in items:
        if item.get_closest_marker("real_data"):
            item.add_marker(pytest.mark.skip(reason="FER2013_CSV is not set"))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty FER_HOME, nothing mirrored to MLflow; no other FER_* variable reaches a test."""
    for name in list(os.environ):
        if name.startswith("FER"):
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    monkeypatch.setenv("FER_HOME", str(folder))
    monkeypatch.setenv("FER_MLFLOW", "0")
    return folder


@pytest.fixture(scope="session")
def fer2013_csv() -> str:
    """Path of the real FER2013; only for tests marked real_data."""
    assert FER2013_CSV is not None
    return FER2013_CSV


@pytest.fixture(scope="module")
def fer2013(fer2013_csv: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    """The real FER2013, read once a module; only for tests marked real_data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FER_HOME", str(tmp_path_factory.mktemp("home")))
        yield load_dataset(fer2013_csv)
