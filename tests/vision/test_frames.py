from fractions import Fraction

import av
import cv2
import numpy as np
import pytest
from av.video.reformatter import ColorRange

from fer_core.vision.frames import copy_frame, new_frame, planes_of
from fer_core.vision.planes import Planes

SIZES = [(640, 480), (641, 479), (1, 1), (3, 2), (33, 17), (480, 640)]


def random_planes(size_wh: tuple[int, int]) -> Planes:
    width, height = size_wh
    rng = np.random.default_rng(width)
    half = ((height + 1) // 2, (width + 1) // 2)
    return Planes(*(rng.integers(16, 235, shape, dtype=np.uint8) for shape in ((height, width), half, half)))


def assert_equal(left: Planes, right: Planes) -> None:
    for name in "yuv":
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name))


@pytest.mark.parametrize("size_wh", SIZES)
@pytest.mark.parametrize("mirror", [False, True])
def test_planes_come_back_from_a_frame_of_any_size(size_wh: tuple[int, int], mirror: bool) -> None:
    planes = random_planes(size_wh)
    frame, drawn = copy_frame(planes, mirror=mirror)
    assert (frame.width, frame.height, frame.format.name) == (*size_wh, "yuv420p")
    assert_equal(planes_of(frame), planes.mirrored() if mirror else planes)
    drawn.y[-1, -1] = 77
    drawn.v[-1, -1] = 78
    assert (planes_of(frame).y[-1, -1], planes_of(frame).v[-1, -1]) == (77, 78)


def test_planes_of_a_decoders_frame_are_views_that_cannot_be_written_and_outlive_the_frame() -> None:
    frame, drawn = new_frame((641, 479))
    drawn.y[:], drawn.u[:], drawn.v[:] = 50, 60, 70
    seen = planes_of(frame)
    assert frame.planes[0].line_size > 641
    assert np.shares_memory(seen.y, drawn.y)
    assert np.shares_memory(seen.v, drawn.v)
    del frame, drawn
    assert (seen.y.min(), seen.y.max(), seen.u.max(), seen.v.max()) == (50, 50, 60, 70)
    with pytest.raises(ValueError, match="read-only"):
        seen.y[0, 0] = 1


def full_range(value: int, *, named: bool) -> av.VideoFrame:
    frame = av.VideoFrame(16, 16, "yuvj420p" if named else "yuv420p")
    for plane, level in zip(frame.planes, (value, 128, 128), strict=True):
        plane.update(bytes([level]) * plane.buffer_size)
    if not named:
        frame.color_range = ColorRange.JPEG
    return frame


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(("value", "limited"), [(0, 16), (255, 235), (128, 126)])
def test_planes_of_a_full_range_frame_are_of_limited_range(named: bool, value: int, limited: int) -> None:
    planes = planes_of(full_range(value, named=named))
    assert abs(int(planes.y[0, 0]) - limited) <= 1
    assert (planes.u == 128).all()


@pytest.mark.parametrize("name", ["bgr24", "nv12", "yuv422p", "gray"])
def test_planes_of_another_format_show_the_same_picture(portrait: np.ndarray, name: str) -> None:
    frame = av.VideoFrame.from_ndarray(portrait, format="bgr24").reformat(format=name)
    shown = planes_of(frame).to_bgr()
    expected = cv2.cvtColor(cv2.cvtColor(portrait, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR) if name == "gray" else portrait
    assert np.abs(shown.astype(int) - expected).mean() < 4


def test_new_frame_takes_the_time_of_another() -> None:
    other = av.VideoFrame(16, 16, "yuv420p")
    other.pts, other.time_base = 1234, Fraction(1, 90000)
    frame, _ = new_frame((32, 32), like=other)
    assert (frame.pts, frame.time_base) == (1234, Fraction(1, 90000))
    assert copy_frame(random_planes((8, 8)), like=other)[0].pts == 1234
