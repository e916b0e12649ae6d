from collections.abc import Callable

import cv2
import numpy as np
import pytest

from fer_core.vision import Detector
from fer_core.vision.detection import Detections
from fer_core.vision.planes import Planes
from fer_core.vision.quality import HINTS, TROUBLES, Limits, Quality, measure_quality, measure_turns

Change = Callable[[np.ndarray], np.ndarray]


@pytest.fixture(scope="session")
def luma(portrait: np.ndarray) -> np.ndarray:
    """The portrait's brightness as a camera gives it."""
    return Planes.from_bgr(portrait).y


@pytest.fixture(scope="session")
def found(detector: Detector, portrait: np.ndarray) -> Detections:
    return detector.detect(portrait)


def judge(luma: np.ndarray, found: Detections) -> Quality:
    height, width = luma.shape
    (quality,) = measure_quality(luma, found.frames, found.keypoints, (width, height))
    return quality


def dim(share: float) -> Change:
    return lambda luma: np.rint(16 + (luma.astype(float) - 16) * share).astype(np.uint8)


def before_a_window(share: float) -> Change:
    """The face's square dimmed, all else bright."""

    def change(luma: np.ndarray) -> np.ndarray:
        lit = np.full_like(luma, 230)
        lit[60:180, 165:285] = dim(share)(luma)[60:180, 165:285]
        return lit

    return change


def haze(share: float) -> Change:
    return lambda luma: np.rint(150 + (luma.astype(float) - 150) * share).astype(np.uint8)


def glare(factor: float) -> Change:
    return lambda luma: np.clip(luma.astype(float) * factor, 0, 235).astype(np.uint8)


def blur(sigma: float) -> Change:
    return lambda luma: cv2.GaussianBlur(luma, (0, 0), sigma) if sigma else luma


def smear(length: float) -> Change:
    return lambda luma: cv2.blur(luma, (int(length), 1))


def grain(sigma: float) -> Change:
    noise = np.random.default_rng(0).normal(0, 1, (512, 512))
    return lambda luma: np.clip(np.rint(luma + sigma * noise), 0, 255).astype(np.uint8)


SERIES: list[tuple[str, Callable[[float], Change], list[float]]] = [
    ("dark", dim, [1, 0.5, 0.3, 0.2, 0.12, 0.06]),
    ("backlit", before_a_window, [1, 0.5, 0.3, 0.2, 0.12]),
    ("pale", haze, [1, 0.5, 0.3, 0.2, 0.1]),
    ("pale", glare, [1, 1.3, 1.6, 2.2, 5]),
    ("blurred", blur, [0, 1.5, 2.5, 3.5, 5, 8]),
    ("blurred", smear, [1, 8, 16, 24, 32]),
    ("grainy", grain, [2, 25, 50, 90]),
]


def test_quality_finds_nothing_amiss_in_the_portrait(luma: np.ndarray, found: Detections) -> None:
    quality = judge(luma, found)
    assert quality.hints == ()
    assert quality.value > 0.95


@pytest.mark.parametrize(("name", "change", "amounts"), SERIES)
def test_quality_falls_with_each_trouble_until_it_is_hinted_at(
    luma: np.ndarray, found: Detections, name: str, change: Callable[[float], Change], amounts: list[float]
) -> None:
    qualities = [judge(change(amount)(luma), found) for amount in amounts]
    values = [quality.value for quality in qualities]
    assert values == sorted(values, reverse=True)
    assert (qualities[0].hints, qualities[-1].hints[0]) == ((), name)
    assert values[-1] < 0.2


@pytest.mark.parametrize(("width", "hints"), [(60, ()), (36, ()), (33, ("far",)), (20, ("far",))])
def test_quality_says_when_a_face_is_far(luma: np.ndarray, found: Detections, width: int, hints: tuple[str, ...]) -> None:
    scale = width / float(found.frames[0, 2] - found.frames[0, 0])
    small = cv2.resize(luma, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    (quality,) = measure_quality(small, found.frames * scale, found.keypoints * scale, small.shape[1::-1])
    assert quality.hints[: len(hints)] == hints
    assert ("far" in quality.hints) == bool(hints)


@pytest.mark.parametrize(
    ("part", "cut"),
    [
        (np.s_[:, 170:], False),
        (np.s_[:, 250:], True),
        (np.s_[80:, :], False),
        (np.s_[140:, :], True),
        (np.s_[:170, :], False),
        (np.s_[:145, :], True),
    ],
)
def test_quality_says_when_a_face_is_cut_its_mouth_first(
    luma: np.ndarray, found: Detections, part: tuple[slice, slice], cut: bool
) -> None:
    start = np.array([part[1].start or 0, part[0].start or 0], np.float32)
    seen = np.ascontiguousarray(luma[part])
    keypoints, frames = found.keypoints - start, found.frames - np.tile(start, 2)
    (quality,) = measure_quality(seen, frames, keypoints, (seen.shape[1], seen.shape[0]))
    assert ("cut" in quality.hints) == cut


def looking(nose_x: float, degrees: float = 0.0) -> np.ndarray:
    """Key points of a face 100 px from ear to ear, whose nose is at ``nose_x`` from the left one; its head turned."""
    points = np.array([[30, 0], [70, 0], [nose_x, 25], [50, 45], [0, 10], [100, 10]], np.float32)
    sine, cosine = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    return (points @ np.array([[cosine, sine], [-sine, cosine]]) + 300).astype(np.float32)


@pytest.mark.parametrize("degrees", [0, 35, -35])
def test_measure_turns_is_the_noses_place_between_the_ears(degrees: float) -> None:
    turns = measure_turns(np.stack([looking(nose_x, degrees) for nose_x in (50, 60, 40, 100, 110)]))
    np.testing.assert_allclose(turns, [0, 0.2, 0.2, 1, 1.2], atol=1e-5)


def test_measure_turns_of_no_face_and_of_points_all_in_one_place() -> None:
    assert measure_turns(np.empty((0, 6, 2))).shape == (0,)
    assert measure_turns(np.zeros((1, 6, 2))).tolist() == [0]


def test_quality_says_when_a_face_is_turned_away(luma: np.ndarray, found: Detections) -> None:
    seen = []
    for nose_x in (50, 80, 98, 115):
        (quality,) = measure_quality(luma, found.frames, looking(nose_x)[None], (512, 512))
        seen.append((quality.value, quality.hints))
    assert [value for value, _ in seen] == sorted((value for value, _ in seen), reverse=True)
    assert [hints for _, hints in seen] == [(), (), ("turned",), ("turned",)]


def test_quality_names_the_worst_trouble_first(luma: np.ndarray, found: Detections) -> None:
    keypoints = looking(96)[None]
    (quality,) = measure_quality(blur(8)(luma), found.frames, keypoints, (512, 512))
    assert quality.hints == ("blurred", "turned")


def test_quality_of_no_faces_is_an_empty_list(luma: np.ndarray) -> None:
    assert measure_quality(luma, np.empty((0, 4)), np.empty((0, 6, 2)), (512, 512)) == []


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (481, 641)])
@pytest.mark.parametrize("value", [0, 16, 235, 255])
def test_quality_of_a_plain_picture_is_nothing(shape: tuple[int, int], value: int) -> None:
    frames = np.array([[-20, -20, 40, 40], [0, 0, 1, 1], [900, 900, 960, 960], [5, 5, 5, 5]], np.float32)
    luma = np.full(shape, value, np.uint8)
    qualities = measure_quality(luma, frames, np.zeros((4, 6, 2), np.float32), shape[::-1])
    assert [quality.value for quality in qualities] == [0, 0, 0, 0]
    assert {name for quality in qualities for name in quality.hints} <= set(HINTS)


def test_limits_grow_evenly_in_either_direction() -> None:
    for limits in (Limits(10, 20), Limits(20, 10)):
        assert limits.judge(limits.fine) == 0
        assert limits.judge(limits.lost) == 1
        assert limits.judge(limits.hint) == pytest.approx(0.5)
    assert (Limits(10, 20).judge(-5), Limits(10, 20).judge(500)) == (0, 1)


def test_hints_are_sentences_for_the_page() -> None:
    assert set(HINTS) == {"far", "dark", "backlit", "pale", "grainy", "blurred", "turned", "cut"}
    assert all(sentence.endswith(".") and len(sentence) < 70 for sentence in HINTS.values())
    assert TROUBLES["width"].hint == 34
