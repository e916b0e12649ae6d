"""Composed clips of two real faces, both in the public domain, that move over a textured background.

The faces are NASA's portrait of Eileen Collins, which scikit-image carries, and the US Navy's of Grace Hopper, which matplotlib
carries. They are cut out with a soft edge and pasted, the one in front last. A third, `lookalike`, is the first mirrored, relit
and recoloured: not another person, but as near to one as two faces can be.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from skimage import data

SIZE_WH = (640, 480)
Place = Callable[[float], tuple[float, float]]
"""From a time in seconds to the centre of a face, xy pixels."""
FACE_WIDTH = 100.0
"""Width of the detector's box in pixels, which a pasted face has at scale 1."""


@dataclass(frozen=True, eq=False)
class Person:
    """A head cut out of a portrait."""

    image: np.ndarray
    """(h, w, 3) BGR uint8."""
    alpha: np.ndarray
    """(h, w) float32 within 0..1."""
    box: tuple[float, float, float, float]
    """The face in ``image``, xyxy pixels, as the detector frames it."""


@dataclass(frozen=True, eq=False)
class Shot:
    """One frame of a clip."""

    time_s: float
    image: np.ndarray
    """(480, 640, 3) BGR uint8."""
    boxes: dict[str, np.ndarray]
    """Where each person's face is: (4,) xyxy pixels, hidden ones included; those in front come later."""


@cache
def person(name: str) -> Person:
    """Cut out "collins", "hopper" or "lookalike"."""
    if name == "hopper":
        path = Path(matplotlib.get_data_path(), "sample_data", "grace_hopper.jpg")
        image = cv2.imread(str(path))
        return _cut_out(image, (158.0, 118.0, 368.0, 328.0))
    portrait = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    if name == "collins":
        return _cut_out(portrait, (174.0, 70.0, 279.0, 175.0))
    mirrored = portrait[:, ::-1].astype(np.float32) * np.linspace(0.55, 0.95, 512)[None, :, None]
    mirrored[..., 0] *= 0.75
    return _cut_out(mirrored.astype(np.uint8), (512 - 279.0, 70.0, 512 - 174.0, 175.0))


@cache
def background() -> np.ndarray:
    """Brick and gravel without people: (480, 640, 3) BGR uint8."""
    rows = np.concatenate([data.brick(), data.gravel()], axis=1)[:480, 190:830]
    tinted = rows[..., None] * np.array([0.7, 0.8, 0.9])
    return cv2.GaussianBlur(tinted.astype(np.uint8), (0, 0), 1.0)


def paste(
    image: np.ndarray, name: str, centre: tuple[float, float], width: float = FACE_WIDTH, turn: float = 0.0
) -> np.ndarray:
    """Paste a head.

    Args:
        image: (h, w, 3) BGR uint8, drawn on.
        name: of the person.
        centre: of the face's box, xy pixels; it may lie outside.
        width: of the face's box, in pixels.
        turn: degrees clockwise.

    Returns:
        (4,) float64 xyxy: the box of the face, as if it were upright.
    """
    who = person(name)
    left, top, right, bottom = who.box
    scale = width / (right - left)
    x, y = np.rint(np.array(centre) - 1.4 * width).astype(int).tolist()
    side = round(2.8 * width)
    move = cv2.getRotationMatrix2D(((left + right) / 2, (top + bottom) / 2), -turn, scale)
    move[:, 2] += np.array(centre) - [(left + right) / 2 + x, (top + bottom) / 2 + y]
    head = cv2.warpAffine(_smooth(name, round(scale, 2)), move, (side, side))
    alpha = cv2.warpAffine(who.alpha, move, (side, side))[..., None]
    rows, columns = (slice(max(start, 0), max(start + side, 0)) for start in (y, x))
    part = image[rows, columns]
    height, across = part.shape[:2]
    inside = (slice(max(-y, 0), max(-y, 0) + height), slice(max(-x, 0), max(-x, 0) + across))
    part[:] = np.rint(part * (1 - alpha[inside]) + head[inside] * alpha[inside]).astype(np.uint8)
    half = np.array([width, width * (bottom - top) / (right - left)]) / 2
    return np.concatenate([np.array(centre) - half, np.array(centre) + half])


def still(name: str, *, fps: float, seconds: float, noise: float = 4.0) -> Iterator[Shot]:
    """One face that does not move, with camera noise of that standard deviation."""
    yield from _film({name: lambda _: (320.0, 240.0)}, fps=fps, seconds=seconds, noise=noise)


def crossing(
    back: str = "collins", front: str = "hopper", *, fps: float = 20.0, kind: str = "cross", speed: float = 0.75
) -> Iterator[Shot]:
    """Two faces meet in the middle; ``front`` hides ``back`` for up to a second.

    Args:
        back: who is hidden.
        front: who hides.
        fps: frames a second.
        kind: "cross" (both go on), "return" (both turn back where they meet) or "wait" (faster, with a rest of half a second).
        speed: of each, in widths of a face a second.

    Yields:
        six seconds of shots.
    """
    start_s, middle = 3.0, 320.0

    def place(side: float, time_s: float) -> tuple[float, float]:
        passed = time_s - start_s
        if kind == "return":
            passed = -abs(passed)
        if kind == "wait":
            passed = np.sign(passed) * max(abs(passed) - 0.25, 0.0) * 1.6
        return middle + side * passed * speed * FACE_WIDTH, 240.0 + 4 * side

    yield from _film({back: lambda t: place(1.0, t), front: lambda t: place(-1.0, t)}, fps=fps, seconds=6.0)


def _film(places: dict[str, Place], *, fps: float, seconds: float, noise: float = 3.0) -> Iterator[Shot]:
    random = np.random.default_rng(0)
    grains = [random.normal(0, noise, (480, 640, 1)) for _ in range(8)]
    for number in range(round(fps * seconds)):
        time_s = number / fps
        image = background().copy()
        boxes = {name: paste(image, name, place(time_s)) for name, place in places.items()}
        grain = np.roll(grains[random.integers(8)], random.integers(100, size=2), axis=(0, 1))
        yield Shot(time_s, np.clip(image + grain, 0, 255).astype(np.uint8), boxes)


@cache
def _smooth(name: str, scale: float) -> np.ndarray:
    """The person's picture, blurred as much as shrinking it asks for."""
    image = person(name).image
    return cv2.GaussianBlur(image, (0, 0), 0.4 / scale) if scale < 1 else image


def _cut_out(image: np.ndarray, box: tuple[float, float, float, float]) -> Person:
    left, top, right, bottom = box
    width = right - left
    x, y = np.meshgrid(np.arange(image.shape[1]), np.arange(image.shape[0]))
    across, down = (x - (left + right) / 2) / (0.78 * width), (y - (top + bottom) / 2 + 0.05 * width) / (0.95 * width)
    inside = (np.abs(across) ** 2.5 + np.abs(down) ** 2.5 < 1).astype(np.float32)
    return Person(np.ascontiguousarray(image), cv2.GaussianBlur(inside, (0, 0), 0.03 * width), box)
