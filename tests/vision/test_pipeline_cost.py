"""What a frame may cost: detections, readings and measurements are counted."""

import cv2
import numpy as np
import pytest

from fer_core.vision import Detector, qualities
from fer_core.vision.expressions import MOST_CLASSIFIED
from fer_core.vision.quality import Quality
from tests.vision.fakes import FakeClassifier, FakeDetector
from tests.vision.streams import FRAME, FRAME_S, CountingDetector, stream, warped


def test_pipeline_looks_rarely_while_all_is_well_and_at_once_when_it_is_not(detector: Detector, portrait: np.ndarray) -> None:
    counting = CountingDetector(detector)
    pipeline, still = stream(counting, FakeClassifier()), warped(portrait)
    for number in range(60):
        assert len(pipeline.process(still, number * FRAME_S)) == 1
    assert counting.looks == 12
    looks = []
    for number in range(60, 80):  # it leaves at once: the face is missed, looked for, and no longer shown
        shown = len(pipeline.process(FRAME, number * FRAME_S))
        looks.append((counting.looks - 12, shown))
    assert looks[0][0] == 1
    assert [shown for _, shown in looks[4:]] == [0] * 16
    assert looks[-1][0] <= 20


@pytest.mark.parametrize("rate", [10, 15, 20, 30])
def test_pipeline_looks_twenty_times_a_second_at_an_empty_scene_and_boxes_a_new_face_within_half_a_second(rate: int) -> None:
    for score in (0.95, 0.55):
        detector = FakeDetector(score=score)
        pipeline = stream(detector, FakeClassifier())
        for number in range(3 * rate):
            assert len(pipeline.process(FRAME, number / rate)) == 0
        assert detector.looks <= 3 * min(rate, 20)
        detector.boxes = [[10, 10, 110, 110]]
        came_s = (3 * rate - 1) / rate
        time_s, number = came_s, 3 * rate
        while not len(pipeline.process(FRAME, time_s)):
            time_s, number = number / rate, number + 1
        assert time_s - came_s <= 0.5


@pytest.mark.parametrize("rate", [15, 20, 30])
def test_pipeline_boxes_a_second_face_within_half_a_second(detector: Detector, portrait: np.ndarray, rate: int) -> None:
    pipeline, alone = stream(CountingDetector(detector), FakeClassifier()), warped(portrait)
    both = alone.copy()
    both[:, 320:] = cv2.resize(warped(portrait)[40:280, 80:400], (320, 480))[:, ::-1]
    for number in range(rate):
        pipeline.process(alone, number / rate)
    number = rate
    while len(pipeline.process(both, number / rate)) < 2:
        number += 1
    assert (number + 1) / rate - 1 <= 0.5


def test_pipeline_reads_four_faces_a_frame_and_all_of_thirty_within_half_a_second() -> None:
    boxes = [[100.0 * x, 90.0 * y, 100.0 * x + 60, 90.0 * y + 60] for x in range(6) for y in range(5)]
    detector, classifier = FakeDetector(boxes), FakeClassifier("fear")
    pipeline = stream(detector, classifier)
    for number in range(20):
        faces = pipeline.process(FRAME, number * FRAME_S)
        assert len(faces) == 30
        np.testing.assert_allclose(faces.probabilities.sum(axis=1), 1, atol=1e-6)
        assert faces.unsure.sum() == max(30 - MOST_CLASSIFIED * (number + 1), 0)
    assert classifier.batches == [MOST_CLASSIFIED] * 20
    assert set(faces.emotions) == {"fear"}
    assert sorted(faces.ids.tolist()) == list(range(1, 31))
    assert detector.looks <= 11


def test_pipeline_says_a_few_times_a_second_how_well_faces_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def measure(luma: np.ndarray, frames: np.ndarray, keypoints: np.ndarray, size_wh: object) -> list[Quality]:
        assert (luma.shape, frames.shape[1:], keypoints.shape[1:], size_wh) == ((480, 640), (4,), (6, 2), (640, 480))
        asked.append(len(frames))
        dark = len(asked) > 4
        return [Quality(0.2 if dark else 0.9, ("dark", "far") if dark else ("far",))] * len(frames)

    monkeypatch.setattr(qualities, "measure_quality", measure)
    pipeline = stream(FakeDetector([[10, 10, 110, 110]]), FakeClassifier())
    seen = [pipeline.process(FRAME, number * FRAME_S) for number in range(60)]
    assert asked == [1] * 12
    assert seen[0].qualities == pytest.approx([0.9])
    assert seen[-1].qualities == pytest.approx([0.2])
    assert (seen[0].hints, seen[25].hints, seen[-1].hints) == (("far",), ("dark", "far"), ("dark", "far"))
    assert seen[20].hints == ("far",)  # one measurement alone makes no hint
