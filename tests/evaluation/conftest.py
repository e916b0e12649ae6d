"""Models that answer without a network."""

import pytest

from fer_core.evaluation import answers
from tests.evaluation.pixel_classifier import PixelClassifier


@pytest.fixture
def classifier(tmp_path, monkeypatch):
    class Fresh(PixelClassifier):
        pass

    monkeypatch.setattr(answers, "Classifier", Fresh)
    monkeypatch.setattr("fer_core.model.folders.shipped_dir", lambda: tmp_path / "shipped")
    return Fresh
