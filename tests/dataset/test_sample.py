"""The drawn sample: seven expressions, three splits, the same faces each time."""

from pathlib import Path

import numpy as np
import pytest

from fer_core.dataset import draw_sample, find_source, load_dataset
from fer_core.dataset import sample as sample_module
from fer_core.dataset.sample import draw_table


@pytest.fixture(scope="module")
def table():
    return draw_table(lambda done, what: None)


def test_draw_table_draws_at_least_700_different_faces_in_three_splits(table) -> None:
    assert np.bincount(table.splits).tolist() == [1260, 280, 280]
    assert len({image.tobytes() for image in table.images}) == len(table) == 1820
    assert table.rows.tolist() == list(range(1820))


def test_draw_table_draws_every_emotion_in_every_split_alike(table) -> None:
    counts = np.array([np.bincount(table.labels[table.splits == split], minlength=7) for split in range(3)])
    assert counts.min() >= 28
    assert np.abs(counts / counts.sum(axis=1, keepdims=True) - counts[0] / counts[0].sum()).max() < 0.01


def test_draw_table_draws_the_same_faces_each_time_whatever_the_threads(table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample_module, "WORKERS", 1)
    assert np.array_equal(draw_table(lambda done, what: None).images, table.images)


def test_draw_table_varies_light_and_contrast_without_blank_faces(table) -> None:
    brightness, contrast = table.images.mean(axis=(1, 2)), table.images.std(axis=(1, 2))
    assert 100 < brightness.mean() < 155
    assert brightness.std() > 15
    assert contrast.min() > 12


def test_draw_table_draws_expressions_that_differ_where_faces_move(table) -> None:
    faces = np.array([table.images[table.labels == label].mean(axis=0) for label in range(7)])
    mouth = faces[:, 33:44, 17:31]
    surprise, happy, neutral = mouth[5], mouth[3], mouth[6]
    assert surprise[4:9, 5:9].mean() < neutral[4:9, 5:9].mean() - 15
    assert np.abs(happy - neutral).mean() > 4


def test_draw_sample_is_cached_and_is_what_load_dataset_gives(home: Path, table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fer_core.dataset.load.draw_table", lambda progress: table)
    drawn = draw_sample()
    monkeypatch.setattr("fer_core.dataset.load.draw_table", None)
    loaded = load_dataset("sample")
    assert (drawn.name, drawn.source, drawn.is_sample, drawn.n) == ("sample", "sample", True, 1820)
    assert drawn.digest == loaded.digest
    assert isinstance(loaded.split("test").images, np.memmap)


def test_find_source_prefers_what_was_asked_then_the_setting_then_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_source(None) == "sample"
    monkeypatch.setenv("FER2013_CSV", "/data/fer2013.csv")
    assert find_source(None) == "/data/fer2013.csv"
    assert find_source("other.csv") == "other.csv"
