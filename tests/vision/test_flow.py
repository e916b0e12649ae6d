import cv2
import numpy as np
import pytest

from fer_core.vision.flow import FLOW_SIDE, MOST_FOLLOWED, Flow, reduce
from tests.vision.conftest import PORTRAIT_BOX

FACE = PORTRAIT_BOX.astype(float)
CENTRE = np.array([225.0, 121.0])
NOBODY = np.empty((0, 4))


def moved(portrait: np.ndarray, shift: tuple[float, float] = (0, 0), scale: float = 1.0, turn: float = 0.0) -> np.ndarray:
    """The portrait in gray, turned clockwise and scaled about its face, then shifted, with camera noise: (h, w) uint8."""
    move = cv2.getRotationMatrix2D(tuple(CENTRE), -turn, scale)
    move[:, 2] += shift
    gray = cv2.warpAffine(cv2.cvtColor(portrait, cv2.COLOR_BGR2GRAY), move, (512, 512))
    noise = np.random.default_rng(int(10 * abs(shift[0] + scale + turn))).normal(0, 3, gray.shape)
    return np.clip(gray + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("shift", "scale", "turn"),
    [
        ((0, 0), 1, 0),
        ((7, -4), 1, 0),
        ((-30, 12), 1, 0),
        ((2, 1), 1.05, 0),
        ((0, 0), 0.93, 0),
        ((3, 3), 1.02, 6),
        ((0, 2), 1, -8),
    ],
)
def test_flow_follows_the_portraits_face(portrait: np.ndarray, shift: tuple[float, float], scale: float, turn: float) -> None:
    flow = Flow()
    assert flow.follow(moved(portrait), NOBODY) == []
    (motion,) = flow.follow(moved(portrait, shift, scale, turn), FACE)
    assert motion is not None
    np.testing.assert_allclose(motion.shift, shift, atol=0.5)
    assert motion.scale == pytest.approx(scale, abs=0.01)
    assert motion.turn == pytest.approx(turn, abs=0.5)
    turned = np.array(
        [[np.cos(np.radians(turn)), -np.sin(np.radians(turn))], [np.sin(np.radians(turn)), np.cos(np.radians(turn))]]
    )
    eye = np.array([205.0, 102.0])
    wanted = CENTRE + scale * turned @ (eye - CENTRE) + shift
    np.testing.assert_allclose(motion.move(eye, CENTRE), wanted, atol=0.8)


def test_flow_stays_within_two_pixels_through_twenty_frames(portrait: np.ndarray) -> None:
    flow, frame = Flow(), FACE.copy()
    flow.follow(moved(portrait), NOBODY)
    for number in range(1, 21):
        (motion,) = flow.follow(moved(portrait, (4.0 * number, 1.5 * number)), frame)
        assert motion is not None
        frame += np.tile(motion.shift, 2)
    np.testing.assert_allclose(frame - FACE, [[80, 30, 80, 30]], atol=2)


def test_flow_says_when_it_lost_a_face(portrait: np.ndarray) -> None:
    still = moved(portrait)
    hidden = still.copy()
    hidden[60:190, 160:290] = np.random.default_rng(0).integers(0, 255, (130, 130))
    for after in (np.zeros_like(still), hidden, moved(portrait, (200, 150)), still[:, :400]):
        flow = Flow()
        flow.follow(still, NOBODY)
        assert flow.follow(np.ascontiguousarray(after), FACE) == [None]


def test_flow_has_nothing_to_hold_on_to_where_there_is_no_texture() -> None:
    flow, flat = Flow(), np.full((480, 640), 90, np.uint8)
    flow.follow(flat, NOBODY)
    assert flow.follow(flat, np.array([[10.0, 10, 90, 90], [-300, -300, -200, -200], [630, 470, 700, 540]])) == [None] * 3


def test_flow_follows_the_largest_of_a_crowd(portrait: np.ndarray) -> None:
    flow, still = Flow(), moved(portrait)
    sides = np.arange(30, 150, 4)
    crowd = np.array([[225 - side / 2, 121 - side / 2, 225 + side / 2, 121 + side / 2] for side in sides])
    flow.follow(still, NOBODY)
    motions = flow.follow(moved(portrait, (3, 0)), crowd)
    assert [motion is not None for motion in motions] == [False] * (len(sides) - MOST_FOLLOWED) + [True] * MOST_FOLLOWED


@pytest.mark.parametrize(
    ("size_wh", "wanted"),
    [
        ((640, 480), 2),
        ((1280, 720), 4),
        ((3840, 2160), 12),
        ((720, 1280), 4),
        ((300, 200), 1),
        ((1, 1), 1),
        ((300, 1000), 3),
        ((641, 479), 2),
    ],
)
def test_reduce_keeps_the_mean_and_about_320_pixels(size_wh: tuple[int, int], wanted: int) -> None:
    luma = np.broadcast_to(np.linspace(0, 250, size_wh[0]).astype(np.uint8), size_wh[::-1])
    small, factor = reduce(np.ascontiguousarray(luma))
    assert factor == wanted
    assert max(small.shape) <= max(1.5 * FLOW_SIDE, 1)
    assert small.mean() == pytest.approx(luma.mean(), abs=2)
