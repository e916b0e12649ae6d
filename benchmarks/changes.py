"""Small changes of faces, such as a camera or a crop makes: pure functions from (n, 48, 48) uint8 to the same.

Edge pixels go on outside; what lies between pixels is interpolated linearly.
"""

from collections.abc import Callable, Sequence
from functools import partial

import cv2
import numpy as np

Change = Callable[[np.ndarray], np.ndarray]


def shift(images: np.ndarray, *, right: int = 0, down: int = 0) -> np.ndarray:
    """Move the content by so many pixels."""
    return _warp(images, np.array([[1, 0, right], [0, 1, down]], float))


def zoom(images: np.ndarray, *, factor: float) -> np.ndarray:
    """Enlarge the content about the centre; below 1 it shrinks."""
    return _warp(images, _about_centre(images, 0.0, factor))


def turn(images: np.ndarray, *, degrees: float) -> np.ndarray:
    """Turn the content about the centre, anticlockwise as one sees it."""
    return _warp(images, _about_centre(images, degrees, 1.0))


def blur(images: np.ndarray, *, sigma: float) -> np.ndarray:
    """Blur with a Gaussian of ``sigma`` pixels."""
    return _each(images, lambda image: cv2.GaussianBlur(image, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE))


def gamma(images: np.ndarray, *, exponent: float) -> np.ndarray:
    """Raise gray values, as shares of 255, to a power: above 1 darkens, below 1 brightens."""
    table = np.rint(255 * (np.arange(256) / 255) ** exponent).astype(np.uint8)
    return _each(images, lambda image: cv2.LUT(image, table))


CHANGES: dict[str, Sequence[Change]] = {
    "shift by 2 px, mean of 4": [
        partial(shift, right=2),
        partial(shift, right=-2),
        partial(shift, down=2),
        partial(shift, down=-2),
    ],
    "zoom 0.9": [partial(zoom, factor=0.9)],
    "zoom 1.15": [partial(zoom, factor=1.15)],
    "turn +10 degrees": [partial(turn, degrees=10)],
    "turn -10 degrees": [partial(turn, degrees=-10)],
    "blur, sigma 0.7 px": [partial(blur, sigma=0.7)],
    "gamma 1.8 (darker)": [partial(gamma, exponent=1.8)],
    "gamma 0.6 (brighter)": [partial(gamma, exponent=0.6)],
}
"""What is measured, each alone; the figures of several variants are averaged."""


def _about_centre(images: np.ndarray, degrees: float, factor: float) -> np.ndarray:
    height, width = images.shape[1:]
    return cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, factor)


def _warp(images: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    size_wh = images.shape[2], images.shape[1]
    return _each(
        images,
        lambda image: cv2.warpAffine(image, matrix, size_wh, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
    )


def _each(images: np.ndarray, change: Change) -> np.ndarray:
    out = np.empty_like(images)
    for image, target in zip(images, out, strict=True):
        target[...] = change(np.ascontiguousarray(image))
    return out
