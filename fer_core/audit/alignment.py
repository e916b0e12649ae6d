"""Do two images show one photograph? One is laid over the other, then they are compared pixel by pixel."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from fer_core.audit.descriptors import View
from fer_core.labels import IMAGE_SIZE

UNLIKE = 2.0
"""The residual of images that cannot be laid over one another."""
COVERED, DETAIL, BRIGHTNESS = "covered", "detail", "brightness"
MIRRORED, RESCALED, TURNED, SHIFTED = "mirrored", "rescaled", "turned", "shifted"

_WINDOW = 3.0
_TEXTURE = 25.0
"""Variance of a window (gray levels squared, after smoothing) from which on it has something to compare."""
_LEAST_TEXTURE, _LEAST_OVERLAP = 0.2, 0.5
_ZOOM, _DEGREES, _SHIFT = 0.03, 1.5, 0.7
"""How much must differ to be named: share of the size, degrees, pixels at the centre."""
_GAIN, _LEVELS = 0.1, 8.0
_FLAT = 2.25
"""Median variance of windows below which an image is flat."""
_EVERYWHERE: Any = None
"""OpenCV takes no mask for this, its type stubs do not know."""


@dataclass(frozen=True)
class Match:
    """How one image lies over another.

    Attributes:
        residual: 1 - the median, over places with texture, of the correlation in windows; 0 (same photograph) to 2.
        kind: what differs mainly; see NearCopies.
    """

    residual: float
    kind: str


def find_flat(images: np.ndarray) -> np.ndarray:
    """Tell which images have next to nothing to compare: (n,) bool of images (n, 48, 48) uint8."""
    return np.array([np.median(_find_variance(_smooth(image))) < _FLAT for image in images], bool)


def even_out(image: np.ndarray) -> np.ndarray:
    """Take slow changes of brightness and contrast out of an image (48, 48) uint8: float32 around 0, of about unit variance."""
    smooth = _smooth(image)
    detail = smooth - cv2.GaussianBlur(smooth, (0, 0), 5.0)
    return detail / np.sqrt(cv2.GaussianBlur(detail * detail, (0, 0), 6.0) + 25)


def halve(image: np.ndarray) -> np.ndarray:
    """Give the evened-out image (48, 48) at half its size: (24, 24) float32."""
    return cv2.resize(image, (IMAGE_SIZE // 2, IMAGE_SIZE // 2), interpolation=cv2.INTER_AREA)


def align_roughly(first: np.ndarray, second: np.ndarray, view: View) -> tuple[float, np.ndarray | None]:
    """Lay one halved image over another.

    Args:
        first: (24, 24) float32, as halve gives it.
        second: likewise.
        view: how the first one looks like the second.

    Returns:
        the residual (of half-sized images, rougher than a Match's) and the (2, 3) matrix, in pixels of the full size,
        that leads from places in the second image to those in the first (mirrored where the view is); None without one.
    """
    start = np.array([[1, 0, view.dx / 2], [0, 1, view.dy / 2]], np.float32)
    first = _look(first, view)
    matrix = _fit(first, second, start, steps=5, precision=5e-3)
    if matrix is None:
        return UNLIKE, None
    laid, seen = _lay(first, matrix)
    correlation, _ = _correlate(second, laid, seen, window=1.5, least=0.02)
    residual = 1 - float(np.median(correlation[seen > 0])) if seen.mean() > _LEAST_OVERLAP else UNLIKE
    full = matrix.copy()
    full[:, 2] = 2 * matrix[:, 2] + matrix[:, :2].sum(axis=1) / 2 - 0.5
    return residual, full


def match(first: np.ndarray, second: np.ndarray, view: View, start: np.ndarray) -> Match:
    """Lay one image over another and compare them.

    Args:
        first: (48, 48) uint8.
        second: likewise.
        view: whether the first one is to be mirrored.
        start: (2, 3) matrix, as align_roughly gives it.
    """
    first = _look(first, view)
    matrix = _fit(even_out(first), even_out(second), start, steps=6, precision=1e-3)
    if matrix is None:
        return Match(UNLIKE, DETAIL)
    below = _smooth(second)
    laid, seen = _lay(_smooth(first), matrix)
    correlation, variances = _correlate(below, laid, seen, window=_WINDOW, least=1.0)
    textured = (seen > 0) & (variances.max(axis=0) > _TEXTURE)
    if seen.mean() < _LEAST_OVERLAP or textured.sum() < _LEAST_TEXTURE * seen.sum():
        return Match(UNLIKE, DETAIL)
    found = correlation[textured]
    kind = MIRRORED if view.mirrored else _name_motion(matrix) or _name_change(below[seen > 0], laid[seen > 0], found)
    return Match(1 - float(np.median(found)), kind)


def _name_motion(matrix: np.ndarray) -> str | None:
    (a, b), (c, d) = matrix[:, :2]
    centre = (IMAGE_SIZE - 1) / 2
    moved = matrix @ [centre, centre, 1] - centre
    if abs(np.log(max(a * d - b * c, 1e-6))) / 2 > _ZOOM:
        return RESCALED
    if abs(np.degrees(np.arctan2(c - b, a + d))) > _DEGREES:
        return TURNED
    return SHIFTED if np.hypot(*moved) > _SHIFT else None


def _name_change(below: np.ndarray, laid: np.ndarray, correlation: np.ndarray) -> str:
    if np.quantile(correlation, 0.05) < 0.3:
        return COVERED
    gain = below.std() / max(float(laid.std()), 1e-6)
    return BRIGHTNESS if abs(np.log(gain)) > _GAIN or abs(below.mean() - laid.mean()) > _LEVELS else DETAIL


def _fit(first: np.ndarray, second: np.ndarray, start: np.ndarray, *, steps: int, precision: float) -> np.ndarray | None:
    """Refine an affine matrix so that the correlation grows (ECC, Evangelidis and Psarakis 2008); None where that fails."""
    edge = len(second) // 10
    inner = np.ascontiguousarray(second[edge:-edge, edge:-edge])
    matrix = np.array(start, np.float32)
    matrix[:, 2] += matrix[:, :2] @ [edge, edge]
    stop = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, steps, precision)
    try:
        _, found = cv2.findTransformECC(inner, first, matrix, cv2.MOTION_AFFINE, stop, _EVERYWHERE, 3)
    except cv2.error:
        return None
    matrix = np.asarray(found, np.float32)
    matrix[:, 2] -= matrix[:, :2] @ [edge, edge]
    return matrix


def _look(image: np.ndarray, view: View) -> np.ndarray:
    return np.ascontiguousarray(image[:, ::-1]) if view.mirrored else image


def _lay(image: np.ndarray, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bring an image to the other one's frame: (h, w) float32, and float32 1 where it reaches, less an edge of 1/24."""
    size, edge = image.shape[::-1], len(image) // 24
    laid = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    inner = np.zeros(image.shape, np.float32)
    inner[edge:-edge, edge:-edge] = 1
    return laid, cv2.warpAffine(inner, matrix, size, flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP) * inner


def _smooth(image: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(image.astype(np.float32), (0, 0), 1.0)


def _find_variance(image: np.ndarray) -> np.ndarray:
    mean = cv2.GaussianBlur(image, (0, 0), _WINDOW)
    return np.asarray(cv2.GaussianBlur(image * image, (0, 0), _WINDOW) - mean * mean)


def _correlate(
    one: np.ndarray, other: np.ndarray, seen: np.ndarray, *, window: float, least: float
) -> tuple[np.ndarray, np.ndarray]:
    """Correlate two images in Gaussian windows over what is seen of both.

    Returns:
        (h, w) correlations, towards 1 where variances are below ``least``; (2, h, w) variances.
    """
    layers = cv2.merge([seen, seen * one, seen * other, seen * one * one, seen * other * other, seen * one * other])
    share, *sums = np.moveaxis(cv2.GaussianBlur(layers, (0, 0), window), 2, 0)
    mean, mean2, square, square2, product = (total / (share + 1e-6) for total in sums)
    variances = np.maximum([square - mean * mean, square2 - mean2 * mean2], 0)
    covariance = product - mean * mean2
    return (covariance + least) / (np.sqrt(variances[0] * variances[1]) + least), variances
