import cv2
import numpy as np
import pytest

from fer_core.labels import EMOTIONS
from fer_core.model import Classifier
from fer_core.vision import Detector, Faces, Pipeline, crop_faces, recognise, search_faces
from fer_core.vision.crops import eye_tilts
from fer_core.vision.planes import Planes
from tests.vision.fakes import FakeClassifier, FakeDetector
from tests.vision.streams import FRAME, FRAME_S, CountingDetector, stream, warped


def test_recognise_classifies_the_crops_of_the_faces_found(
    detector: Detector, classifier: Classifier, portrait: np.ndarray
) -> None:
    faces = recognise(portrait, detector, classifier)
    found = search_faces(portrait, detector)
    tilts = eye_tilts(found.keypoints)
    crops = crop_faces(cv2.cvtColor(portrait, cv2.COLOR_BGR2GRAY), found.frames, tilts)
    np.testing.assert_array_equal(faces.boxes, found.boxes)
    np.testing.assert_allclose(faces.probabilities, classifier.predict_probabilities(crops), atol=1e-5)
    assert (faces.emotions, faces.focus, faces.threshold) == (("happy",), 0, classifier.threshold)
    assert faces.confidences[0] == faces.probabilities[0].max()
    assert faces.tilts == pytest.approx(tilts)
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
    image, pipeline = np.zeros((*shape, 3), np.uint8), Pipeline(detector, classifier)
    for faces in (recognise(image, detector, classifier), pipeline.process(image, 0.0), pipeline.process(image, 0.1)):
        assert (faces.boxes.shape, faces.probabilities.shape, faces.ids.shape) == ((0, 4), (0, 7), (0,))
        assert (faces.emotions, faces.focus, faces.focus_id, faces.hints) == ((), None, None, ())
        assert faces.unsure.shape == faces.confidences.shape[:1] == (0,)


def test_pipeline_follows_the_portrait_through_pan_and_zoom_with_few_detections(
    detector: Detector, portrait: np.ndarray
) -> None:
    counting = CountingDetector(detector)
    pipeline = stream(counting, FakeClassifier())
    for number in range(40):
        scale, shift = 1 + 0.005 * number, (5.0 * number, 2.0 * number)
        faces = pipeline.process(warped(portrait, scale=scale, shift=shift), number * FRAME_S)
        assert faces.ids.tolist() == [1]
        box = np.array([225, 121]).repeat(2).reshape(2, 2).T.ravel() + scale * np.array([-52, -52, 53, 53]) + np.tile(shift, 2)
        assert np.abs(faces.boxes[0] - box).max() < 0.1 * 105 * scale
    assert counting.looks <= 12  # four a second, one more at the start or two


@pytest.mark.parametrize("rate", [5, 10, 15, 30])
def test_pipeline_shows_a_new_expression_within_half_a_second(rate: int) -> None:
    detector, classifier = FakeDetector([[10, 10, 110, 110]]), FakeClassifier("happy")
    pipeline = stream(detector, classifier)
    for number in range(rate):
        assert pipeline.process(FRAME, number / rate).emotions == ("happy",)
    classifier.emotion = "sad"
    labels = [pipeline.process(FRAME, 1 + number / rate).emotions[0] for number in range(rate)]
    assert (labels.index("sad") + 1) / rate <= 0.5
    assert labels[-1] == "sad"


def test_pipeline_reads_a_face_and_its_mirror_image_in_turn_and_shows_their_mean() -> None:
    class LightSide(FakeClassifier):
        """Sees happiness where the left half is the lighter one, else sadness."""

        def predict_probabilities(self, images: np.ndarray) -> np.ndarray:
            self.emotion = "happy" if images[0, :, :24].mean() > images[0, :, 24:].mean() else "sad"
            return super().predict_probabilities(images)

    frame = np.repeat(np.linspace(255, 0, 640).astype(np.uint8)[None, :, None], 480, axis=0).repeat(3, axis=2)
    pipeline = stream(FakeDetector([[100, 100, 300, 300]]), LightSide())
    rows = np.array([pipeline.process(frame, number * FRAME_S).probabilities[0] for number in range(40)])
    assert rows[0, EMOTIONS.index("happy")] == 1
    assert rows[20:, [EMOTIONS.index("happy"), EMOTIONS.index("sad")]] == pytest.approx(0.5, abs=0.22)


def test_pipeline_starts_anew_when_the_frame_changes_its_size_or_time_goes_back() -> None:
    detector, classifier = FakeDetector([[10, 10, 110, 110]]), FakeClassifier("happy")
    pipeline = stream(detector, classifier)
    first = pipeline.process(FRAME, 5.0)
    classifier.emotion = "sad"
    second = pipeline.process(np.zeros((640, 480, 3), np.uint8), 5.0 + FRAME_S)
    third = pipeline.process(np.zeros((640, 480, 3), np.uint8), 1.0)
    assert [faces.ids.tolist() for faces in (first, second, third)] == [[1], [2], [3]]
    assert [faces.focus_id for faces in (first, second, third)] == [1, 2, 3]
    assert second.emotions == ("sad",)


def test_pipeline_clips_boxes_to_the_frame_and_keeps_the_given_time() -> None:
    faces = stream(FakeDetector([[-20, -10, 60, 70]]), FakeClassifier()).process(FRAME, 7.5)
    np.testing.assert_array_equal(faces.boxes, [[0, 0, 60, 70]])
    assert faces.time_s == 7.5


def test_pipeline_neither_changes_nor_keeps_the_frame(detector: Detector, portrait: np.ndarray) -> None:
    pipeline, still = stream(CountingDetector(detector), FakeClassifier()), warped(portrait)
    for picture in (still.copy(), Planes.from_bgr(still)):
        for number in range(8):
            given = picture.copy()
            faces = pipeline.process(given, number * FRAME_S)
            for before, after in zip(planes_of(picture), planes_of(given), strict=True):
                np.testing.assert_array_equal(before, after)
                after[:] = 255  # as drawing might, or the next frame in the same memory
            assert len(faces) == 1
        pipeline.process(FRAME[:100], 1.0)


def planes_of(picture: np.ndarray | Planes) -> list[np.ndarray]:
    return [picture.y, picture.u, picture.v] if isinstance(picture, Planes) else [picture]


def test_pipeline_sees_in_planes_what_it_sees_in_the_image(
    detector: Detector, classifier: Classifier, portrait: np.ndarray
) -> None:
    first, second = Pipeline(detector, classifier), Pipeline(detector, classifier)
    for number in range(6):
        image = warped(portrait, shift=(4.0 * number, 0))
        by_image, by_planes = first.process(image, number * FRAME_S), second.process(Planes.from_bgr(image), number * FRAME_S)
        np.testing.assert_allclose(by_image.boxes, by_planes.boxes, atol=1)
        np.testing.assert_array_equal(by_image.labels, by_planes.labels)


@pytest.mark.parametrize("turn", [-30.0, 0.0, 25.0])
def test_pipeline_knows_the_tilt_and_carries_it_between_detections(
    detector: Detector, portrait: np.ndarray, turn: float
) -> None:
    counting = CountingDetector(detector)
    pipeline = stream(counting, FakeClassifier())
    for number in range(6):
        faces = pipeline.process(warped(portrait, turn=turn), number * FRAME_S)
    assert faces.tilts[0] == pytest.approx(turn + 2, abs=4.5)
    looks = counting.looks
    for number in range(6, 9):
        faces = pipeline.process(warped(portrait, turn=turn + 3 * (number - 5)), number * FRAME_S)
    assert counting.looks == looks
    assert faces.tilts[0] == pytest.approx(turn + 2 + 9, abs=5)


def test_pipeline_finds_a_face_half_outside_in_a_portrait_video(detector: Detector, portrait: np.ndarray) -> None:
    pipeline = stream(CountingDetector(detector), FakeClassifier())
    for number in range(10):
        image = np.ascontiguousarray(cv2.resize(portrait, (820, 820))[:640, 320 + number : 800 + number])
        faces = pipeline.process(image, number * FRAME_S)
        assert faces.ids.tolist() == [1]
        assert faces.boxes[0, 0] == 0


def test_pipeline_keeps_the_focus_until_another_face_is_clearly_larger_or_the_first_is_gone() -> None:
    detector = FakeDetector([[10, 10, 110, 110], [300, 10, 390, 100]])
    pipeline = stream(detector, FakeClassifier())

    def focus(boxes: list[list[float]], start_s: float) -> list[int | None]:
        detector.boxes = boxes
        return [pipeline.process(FRAME, start_s + number * FRAME_S).focus_id for number in range(60)]

    assert set(focus([[10, 10, 110, 110], [300, 10, 390, 100]], 0.0)) == {1}
    assert set(focus([[10, 10, 110, 110], [300, 10, 412, 122]], 3.0)) == {1}  # 1.25 times its area
    assert focus([[10, 10, 110, 110], [300, 10, 420, 130]], 6.0)[-1] == 2
    gone = focus([[10, 10, 110, 110]], 9.0)
    assert (gone[0], gone[-1]) == (2, 1)


def test_pipeline_takes_the_neutral_look_of_the_face_in_focus_out_and_gives_it_back() -> None:
    detector, classifier = FakeDetector([[10, 10, 210, 210], [300, 10, 390, 100]]), FakeClassifier("sad", confidence=0.7)
    pipeline = stream(detector, classifier)

    def labels(start_s: float, seconds: float) -> list[Faces]:
        return [pipeline.process(FRAME, start_s + number * FRAME_S) for number in range(round(seconds / FRAME_S))]

    assert labels(0.0, 1.0)[-1].emotions == ("sad", "sad")
    pipeline.begin_neutral()
    assert pipeline.neutral.state == "learning"
    labels(1.0, 1.0)
    assert (pipeline.neutral.face_id, pipeline.neutral.left_s) == (1, pytest.approx(2, abs=0.2))
    after = labels(2.0, 3.0)[-1]
    assert (pipeline.neutral.state, after.emotions) == ("on", ("neutral", "sad"))
    classifier.confidence = 0.99
    assert labels(5.0, 1.0)[-1].emotions == ("sad", "sad")
    classifier.confidence = 0.7
    labels(6.0, 1.0)
    pipeline.forget_neutral()
    assert (pipeline.neutral.state, labels(7.0, 1.0)[-1].emotions) == ("off", ("sad", "sad"))


def test_pipeline_shows_labels_by_the_classifiers_threshold() -> None:
    for confidence, unsure in ((0.65, True), (0.75, False)):
        faces = stream(FakeDetector([[10, 10, 110, 110]]), FakeClassifier(threshold=0.7, confidence=confidence)).process(
            FRAME, 0.0
        )
        assert faces.unsure.tolist() == [unsure]
        assert faces.labels.tolist() == [EMOTIONS.index("happy")]
