from typing import cast

import cv2
import numpy as np
import pytest

from fer_core.model import Classifier
from fer_core.vision import Detector, Pipeline, crop_faces, recognise, search_faces
from tests.vision.fakes import FakeClassifier, FakeDetector

FRAME = np.zeros((480, 640, 3), np.uint8)
FRAME_S = 1 / 20


def stream(detector: FakeDetector, classifier: FakeClassifier) -> Pipeline:
    return Pipeline(cast(Detector, detector), cast(Classifier, classifier))


def test_recognise_classifies_the_crops_of_the_faces_found(
    detector: Detector, classifier: Classifier, portrait: np.ndarray
) -> None:
    faces = recognise(portrait, detector, classifier)
    found = search_faces(portrait, detector)
    crops = crop_faces(cv2.cvtColor(portrait, cv2.COLOR_BGR2GRAY), found.frames)
    np.testing.assert_array_equal(faces.boxes, found.boxes)
    np.testing.assert_allclose(faces.probabilities, classifier.predict_probabilities(crops), atol=1e-5)
    assert (faces.emotions, faces.focus, faces.threshold) == (("happy",), 0, classifier.threshold)
    assert faces.confidences[0] == faces.probabilities[0].max()
    assert faces.elapsed_ms > 0


@pytest.mark.parametrize("degrees", [-35, 35])
def test_recognise_turns_a_tilted_face_upright(
    detector: Detector, classifier: Classifier, portrait: np.ndarray, degrees: int
) -> None:
    image = cv2.warpAffine(portrait, cv2.getRotationMatrix2D((225, 121), -degrees, 1), (512, 512))
    faces = recognise(image, detector, classifier)
    assert faces.emotions == ("happy",)
    assert faces.tilts[0] == pytest.approx(degrees, abs=7)


@pytest.mark.parametrize("shape", [(480, 640), (1, 1), (2, 300), (300, 2)])
def test_pipeline_and_recognise_see_nobody_in_black(detector: Detector, classifier: Classifier, shape: tuple[int, int]) -> None:
    image = np.zeros((*shape, 3), np.uint8)
    for faces in (recognise(image, detector, classifier), Pipeline(detector, classifier).process(image, 0.0)):
        assert (faces.boxes.shape, faces.probabilities.shape, faces.ids.shape) == ((0, 4), (0, 7), (0,))
        assert (faces.emotions, faces.focus) == ((), None)
        assert faces.unsure.shape == faces.confidences.shape[:1] == (0,)


def test_pipeline_follows_the_portrait_through_pan_and_zoom(
    detector: Detector, classifier: Classifier, portrait: np.ndarray
) -> None:
    pipeline, ids = Pipeline(detector, classifier), set()
    for number in range(12):
        move = np.array([[1 + 0.02 * number, 0, 6.0 * number], [0, 1 + 0.02 * number, 3.0 * number]])
        faces = pipeline.process(cv2.warpAffine(portrait, move, (640, 480)), number * FRAME_S)
        assert len(faces) == 1
        ids.update(faces.ids.tolist())
        x0, y0, x1, y1 = faces.boxes[0]
        nose = move @ [225, 128, 1]
        assert x0 < nose[0] < x1
        assert y0 < nose[1] < y1
    assert ids == {1}


def test_pipeline_shows_a_new_expression_by_its_time_constant_whatever_the_frame_rate() -> None:
    for rate in (10, 30):
        detector, classifier = FakeDetector([[10, 10, 110, 110]]), FakeClassifier("happy")
        pipeline = stream(detector, classifier)
        pipeline.process(FRAME, 0.0)
        classifier.emotion = "sad"
        for number in range(1, int(0.3 * rate) + 1):
            faces = pipeline.process(FRAME, number / rate)
        assert faces.probabilities[0, 4] == pytest.approx(1 - np.exp(-1), abs=1e-5)
        assert faces.probabilities[0].sum() == pytest.approx(1, abs=1e-6)


def test_pipeline_classifies_every_face_once_and_then_eight_a_frame_in_turn() -> None:
    boxes = [[50.0 * x, 60.0 * y, 50.0 * x + 40, 60.0 * y + 40] for x in range(6) for y in range(2)]
    detector, classifier = FakeDetector(boxes), FakeClassifier()
    pipeline = stream(detector, classifier)
    for number in range(4):
        faces = pipeline.process(FRAME, number * FRAME_S)
        assert len(faces) == 12
        np.testing.assert_allclose(faces.probabilities.sum(axis=1), 1, atol=1e-6)
    assert classifier.batches == [12, 8, 8, 8]
    classifier.emotion = "fear"
    for number in range(4, 44):
        faces = pipeline.process(FRAME, number * FRAME_S)
    assert set(faces.emotions) == {"fear"}


def test_pipeline_starts_anew_when_the_frame_changes_its_size() -> None:
    detector, classifier = FakeDetector([[10, 10, 110, 110]]), FakeClassifier("happy")
    pipeline = stream(detector, classifier)
    first = pipeline.process(FRAME, 0.0)
    classifier.emotion = "sad"
    second = pipeline.process(FRAME[:240, :320], FRAME_S)
    assert (first.ids.tolist(), second.ids.tolist()) == ([1], [2])
    assert second.emotions == ("sad",)


def test_pipeline_clips_boxes_to_the_frame_and_keeps_the_given_time() -> None:
    faces = stream(FakeDetector([[-20, -10, 60, 70]]), FakeClassifier()).process(FRAME, 7.5)
    np.testing.assert_array_equal(faces.boxes, [[0, 0, 60, 70]])
    assert faces.time_s == 7.5


def test_pipeline_leaves_the_frame_as_it_was(detector: Detector, classifier: Classifier, portrait: np.ndarray) -> None:
    before = portrait.copy()
    Pipeline(detector, classifier).process(portrait, 0.0)
    np.testing.assert_array_equal(portrait, before)
