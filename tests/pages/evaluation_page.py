"""What the tests of the evaluation page share."""

import numpy as np
import pytest

from fer_core.evaluation import answers
from fer_core.ui import load
from tests.builders import make_dataset, make_model, make_split


class AlwaysFear:
    """Names everything fear, the surer the later the image."""

    def __init__(self, model, *, threads=1):
        self.model = model

    def predict_logits(self, images, head="label"):
        logits = np.zeros((len(images), 7), np.float32)
        logits[:, 2] = 1 + images[:, 0, 0] / 100
        return logits


def make_data(source):
    split = make_split(labels=[4] * 40 + [2] * 20 + [0] * 3)
    split.images[:, 0, 0] = np.arange(63)
    return make_dataset(split, make_split(7, name="validation"), name="tiny", source=source)


@pytest.fixture
def rooms(home, tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "Classifier", AlwaysFear)
    monkeypatch.setattr("fer_core.model.folders.shipped_dir", lambda: tmp_path / "shipped")
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: make_data(source))
    make_model(home / "models" / "tiny")


def text_of(app):
    parts = [*app.markdown, *app.caption, *app.warning, *app.info]
    return "\n".join(str(part.value) for part in parts) + "\n".join(str(item.proto.body) for item in app.get("html"))
