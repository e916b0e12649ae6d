"""Fixtures that every layer of the suite shares."""

import os
from pathlib import Path

import pytest

FER2013_CSV = os.environ.get("FER2013_CSV")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the real dataset where it is not on this machine."""
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
