"""What a dataset looks like in numbers, in one pass over its images."""

from collections.abc import Iterator

import numpy as np

from fer_core.labels import EMOTIONS, IMAGE_SIZE

_PIXELS = IMAGE_SIZE * IMAGE_SIZE
_ROWS = 256
"""Images at a time: sums of as many squares of bytes stay below 2**24, where float32 is exact."""


def imbalance_factor(counts: np.ndarray) -> float:
    """How many images the most frequent emotion has for each one of the rarest.

    Args:
        counts: (7,) images of each emotion, or (splits, 7), which are summed.

    Returns:
        At least 1; infinite where an emotion has no image, NaN where none has one.
    """
    totals = np.asarray(counts).reshape(-1, len(EMOTIONS)).sum(axis=0)
    if totals.max() == 0:
        return float("nan")
    return float(totals.max() / totals.min()) if totals.min() else float("inf")


def measure_light(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Brightness and contrast of each image: mean and standard deviation of its pixels.

    Args:
        images: (n, 48, 48) uint8, maybe memory-mapped; n may be 0.

    Returns:
        brightness (n,) float32 in gray levels 0..255, contrast (n,) float32 in gray levels 0..127.5.
    """
    brightness, contrast = np.zeros((2, len(images)), np.float64)
    for rows, pixels in _blocks(images):
        brightness[rows] = _sum_pixels(pixels) / _PIXELS
        contrast[rows] = _spread(brightness[rows], _sum_pixels(pixels * pixels) / _PIXELS)
    return brightness.astype(np.float32), contrast.astype(np.float32)


def average_faces(images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean face of each emotion, and the face of its variation (standard deviation of each pixel).

    Args:
        images: (n, 48, 48) uint8, maybe memory-mapped; n may be 0.
        labels: (n,) uint8 in 0..6.

    Returns:
        mean (7, 48, 48) float32 in gray levels 0..255, variation (7, 48, 48) float32 in gray levels 0..127.5; both NaN for
        an emotion without images.
    """
    sums, squares = np.zeros((2, len(EMOTIONS), _PIXELS))
    for rows, pixels in _blocks(images):
        members = (labels[rows] == np.arange(len(EMOTIONS))[:, None]).astype(np.float32)
        sums += members @ pixels
        squares += members @ (pixels * pixels)
    counts = np.bincount(labels, minlength=len(EMOTIONS))[:, None].astype(np.float64)
    counts[counts == 0] = np.nan
    mean = sums / counts
    shape = (len(EMOTIONS), IMAGE_SIZE, IMAGE_SIZE)
    return mean.reshape(shape).astype(np.float32), _spread(mean, squares / counts).reshape(shape).astype(np.float32)


def _blocks(images: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    for start in range(0, len(images), _ROWS):
        rows = slice(start, start + _ROWS)
        yield rows, images[rows].reshape(-1, _PIXELS).astype(np.float32)


def _sum_pixels(pixels: np.ndarray) -> np.ndarray:
    """Sum each row exactly: 256 pixels at a time, then in float64."""
    return np.asarray(pixels.reshape(len(pixels), -1, 256).sum(axis=2).sum(axis=1, dtype=np.float64))


def _spread(mean: np.ndarray, mean_of_squares: np.ndarray) -> np.ndarray:
    spread: np.ndarray = np.sqrt(np.maximum(mean_of_squares - mean**2, 0))
    return spread
