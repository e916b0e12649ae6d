"""How faces are framed: drawn ones, turned and cut, and pictures that hold none."""

import numpy as np
import pytest

from fer_core.audit.no_face import NO_FACE_SCORE, judge_framing, measure_framing, score_faces
from fer_core.dataset import load_dataset


@pytest.fixture(scope="module")
def faces():
    return np.array(load_dataset("sample").splits["test"].images[:24])


def test_upright_faces_are_framed_and_turned_ones_are_not(faces):
    assert (score_faces(faces) >= NO_FACE_SCORE).mean() >= 0.95
    assert (score_faces(np.ascontiguousarray(np.rot90(faces, axes=(1, 2)))) < NO_FACE_SCORE).mean() >= 0.95


def test_pictures_without_a_face_are_flagged():
    noise = np.random.default_rng(0).integers(256, size=(12, 48, 48), dtype=np.uint8)
    bars = np.zeros((1, 48, 48), np.uint8)
    bars[0, ::6] = 255
    blank = np.full((1, 48, 48), 90, np.uint8)
    assert (score_faces(np.concatenate([noise, bars, blank])) < NO_FACE_SCORE).mean() >= 0.8
    assert score_faces(blank)[0] < 0.1


def test_measures_say_where_the_face_is(faces):
    measured = measure_framing(faces)
    assert measured.shape == (24, 11)
    _, width, x, y, eye_x, eye_y, apart, _, mouth_x, mouth_y, _ = np.median(measured, axis=0)
    assert 0.3 < width < 1.1
    assert (x, eye_x, mouth_x) == pytest.approx((0.5, 0.5, 0.5), abs=0.1)
    assert eye_y < y < mouth_y
    assert 0.1 < apart < 0.6


def test_scores_are_the_same_each_time_and_within_0_and_1(faces):
    scores = score_faces(faces[:4])
    assert scores.tolist() == score_faces(faces[:4]).tolist()
    assert scores.dtype == np.float32
    assert np.all((scores > 0) & (scores < 1))
    assert judge_framing(np.full((2, 11), 1e6)).tolist() == judge_framing(np.full((2, 11), 1e9)).tolist()


def test_no_images_have_no_scores():
    assert score_faces(np.empty((0, 48, 48), np.uint8)).shape == (0,)


def test_progress_counts_and_can_stop(faces):
    seen = []
    score_faces(faces, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(24, 24)]

    def stop(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        score_faces(faces, progress=stop)
