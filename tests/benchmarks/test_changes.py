import numpy as np
import pytest

from benchmarks.changes import CHANGES, blur, gamma, shift, turn, zoom

EACH = [pytest.param(change, id=f"{name} {number}") for name, some in CHANGES.items() for number, change in enumerate(some)]


def spot(*, x: int, y: int) -> np.ndarray:
    """One image (1, 48, 48), black but for a white square of 4 x 4 pixels whose top left corner is at x, y."""
    images = np.zeros((1, 48, 48), np.uint8)
    images[0, y : y + 4, x : x + 4] = 255
    return images


def centre_xy(images: np.ndarray) -> tuple[float, float]:
    ys, xs = np.mgrid[:48, :48]
    weight = images[0].astype(float)
    return float((weight * xs).sum() / weight.sum()), float((weight * ys).sum() / weight.sum())


@pytest.mark.parametrize("change", EACH)
def test_a_change_changes_a_copy_and_keeps_shape_and_type(change):
    images = np.random.default_rng(0).integers(256, size=(3, 48, 48), dtype=np.uint8)
    before = images.copy()
    changed = change(images)
    assert (changed.shape, changed.dtype) == (images.shape, images.dtype)
    assert not np.array_equal(changed, before)
    assert np.array_equal(images, before)


@pytest.mark.parametrize("change", EACH)
def test_a_change_takes_no_images(change):
    assert change(np.zeros((0, 48, 48), np.uint8)).shape == (0, 48, 48)


@pytest.mark.parametrize("change", EACH)
def test_a_change_leaves_an_even_white_face_white(change):
    assert (change(np.full((1, 48, 48), 255, np.uint8)) == 255).all()


def test_shift_moves_by_whole_pixels_and_repeats_the_edge():
    images = np.random.default_rng(0).integers(256, size=(1, 48, 48), dtype=np.uint8)
    right = shift(images, right=2)
    assert np.array_equal(right[:, :, 2:], images[:, :, :-2])
    assert np.array_equal(right[:, :, 0], images[:, :, 0])
    assert np.array_equal(shift(images, down=-2)[:, :-2], images[:, 2:])


@pytest.mark.parametrize(("factor", "distance"), [(0.9, 9.0), (1.15, 11.5)])
def test_zoom_scales_about_the_centre(factor, distance):
    x, y = centre_xy(zoom(spot(x=32, y=22), factor=factor))
    assert (x - 23.5, y - 23.5) == pytest.approx((distance, 0), abs=0.1)


@pytest.mark.parametrize(("degrees", "rise"), [(10, 1), (-10, -1)])
def test_turn_is_anticlockwise_about_the_centre(degrees, rise):
    x, y = centre_xy(turn(spot(x=32, y=22), degrees=degrees))
    assert (x - 23.5, 23.5 - y) == pytest.approx((10 * np.cos(np.radians(10)), rise * 10 * np.sin(np.radians(10))), abs=0.1)


def test_blur_keeps_the_mean_and_lowers_the_peak():
    images = np.zeros((1, 48, 48), np.uint8)
    images[0, 24, 24] = 255
    blurred = blur(images, sigma=0.7)
    assert blurred.sum() == pytest.approx(255, abs=8)
    assert blurred.max() == pytest.approx(255 / (2 * np.pi * 0.7**2), rel=0.05)


def test_gamma_follows_the_power_of_the_share():
    images = np.full((1, 48, 48), 128, np.uint8)
    assert gamma(images, exponent=1.8)[0, 0, 0] == round(255 * (128 / 255) ** 1.8) == 74
    assert gamma(images, exponent=0.6)[0, 0, 0] == round(255 * (128 / 255) ** 0.6) == 169
