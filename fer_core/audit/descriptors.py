"""A short descriptor of an image, much alike for copies of one photograph: where which edges lie, weighted as copies keep them.

Edges are pooled on a coarse grid (as in HOG, Dalal and Triggs 2005). A linear discriminant analysis, learned from the images
themselves and changed copies of them, keeps the directions in which images differ and copies do not.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from fer_core.labels import IMAGE_SIZE

_GRID, _STEP, _WINDOW = 7, 5.6, 2.8
"""Windows a side, pixels between their centres, and the standard deviation of each in pixels."""
_HALF = IMAGE_SIZE // 2
_CENTRE = (IMAGE_SIZE - 1) / 2
_FLAT_EDGES = 400.0
"""Energy of edges (squared Sobel response) below which edges are not amplified to full strength."""
_LEARN_FROM = 4000
_RIDGE = 0.05
_FEW = 20
"""What so many images have in common is believed by half."""


@dataclass(frozen=True)
class View:
    """A way of looking at an image: where its grid lies.

    Attributes:
        dx, dy: the grid's shift in pixels, after mirroring.
        mirrored: whether the image is looked at in a mirror.
    """

    dx: float = 0.0
    dy: float = 0.0
    mirrored: bool = False


def find_edges(images: np.ndarray) -> np.ndarray:
    """Measure edges in four directions, evened out over the image, so that neither brightness nor contrast matters much.

    Args:
        images: (n, 48, 48) uint8.

    Returns:
        (n, 4, 576) float32 in 0..1: brighter to the right, left, bottom, top; each on 24 x 24 points.
    """
    edges = np.empty((len(images), 4, _HALF * _HALF), np.float32)
    for at, image in enumerate(images):
        smooth = cv2.GaussianBlur(image.astype(np.float32), (0, 0), 1.0)
        across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3), cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3)
        weight = 1 / np.sqrt(cv2.GaussianBlur(across * across + down * down, (0, 0), 5.0) + _FLAT_EDGES)
        across, down = across * weight, down * weight
        four = cv2.merge([np.maximum(across, 0), np.maximum(-across, 0), np.maximum(down, 0), np.maximum(-down, 0)])
        edges[at] = cv2.resize(four, (_HALF, _HALF), interpolation=cv2.INTER_AREA).reshape(-1, 4).T
    return edges


def pool_edges(edges: np.ndarray, view: View) -> np.ndarray:
    """Sum edges up in 7 x 7 overlapping windows.

    Args:
        edges: (n, 4, 576) as find_edges gives them.
        view: where the windows lie.

    Returns:
        (n, 196) float32 of length 1.
    """
    steps = (np.arange(_GRID) - (_GRID - 1) / 2) * _STEP
    mirror = -1 if view.mirrored else 1
    points = 2 * np.arange(_HALF) + 0.5 - _CENTRE
    columns = np.exp(-0.5 * ((points - mirror * (steps + view.dx)[:, None]) / _WINDOW) ** 2)
    lines = np.exp(-0.5 * ((points - (steps + view.dy)[:, None]) / _WINDOW) ** 2)
    windows = np.einsum("ay,bx->abyx", lines, columns).reshape(_GRID * _GRID, -1)
    windows /= windows.sum(axis=1, keepdims=True)
    pooled = edges @ windows.T.astype(np.float32)
    if view.mirrored:
        pooled = pooled[:, [1, 0, 2, 3]]
    return _to_length_one(np.sqrt(pooled.reshape(len(edges), -1)))


@dataclass(frozen=True, eq=False)
class Projection:
    """What turns pooled edges into descriptors.

    Attributes:
        mean: (196,) float32.
        axes: (196, dims) float32.
    """

    mean: np.ndarray
    axes: np.ndarray

    def describe(self, edges: np.ndarray, view: View) -> np.ndarray:
        """Give (n, dims) float32 descriptors of length 1 of edges (n, 4, 576)."""
        return _to_length_one((pool_edges(edges, view) - self.mean) @ self.axes)


def learn_projection(images: np.ndarray, *, dims: int = 64, seed: int = 0) -> Projection:
    """Find the directions in which images differ most, measured by how much copies of one image differ.

    Args:
        images: (n, 48, 48) uint8, n at least 1; at most 4000 of them, drawn at random, are used.
        dims: length of the descriptors.
        seed: of the draw and of the changes; equal seeds give equal projections.
    """
    random = np.random.default_rng(seed)
    drawn = images[np.sort(random.permutation(len(images))[:_LEARN_FROM])]
    originals = pool_edges(find_edges(drawn), View())
    changed = pool_edges(find_edges(np.stack([_change(image, random) for image in drawn])), View())
    trust = len(drawn) / (len(drawn) + _FEW)
    mean = trust * originals.mean(axis=0)
    among_copies = _scatter(originals - changed)
    even = np.eye(len(mean)) * (np.trace(among_copies) / len(mean) + 1e-9)
    among_images = trust * _scatter(originals - mean) + (1 - trust) * even
    spread, axes = np.linalg.eigh(among_copies + _RIDGE * even)
    white = axes / np.sqrt(spread)
    axes = white @ np.linalg.eigh(white.T @ among_images @ white)[1][:, -dims:]
    return Projection(mean, axes.astype(np.float32))


def _change(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Turn, zoom and shift an image a little; then compress, cover or recolour it, or add noise: (48, 48) uint8."""
    matrix = cv2.getRotationMatrix2D((_CENTRE, _CENTRE), random.uniform(-3, 3), random.uniform(0.91, 1.1))
    matrix[:, 2] = matrix[:, 2] + random.uniform(-2, 2, 2)
    moved = cv2.warpAffine(image, matrix, image.shape[::-1], borderMode=cv2.BORDER_REFLECT)
    changed: np.ndarray = moved
    match random.integers(8):
        case 0:
            packed = cv2.imencode(".jpg", moved, [cv2.IMWRITE_JPEG_QUALITY, 40])[1]
            changed = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE))
        case 1:
            changed = moved + random.normal(0, 10, image.shape)
        case 2:
            changed = cv2.GaussianBlur(moved, (0, 0), 1.1)
        case 3:
            changed = 255 * (moved / 255) ** random.uniform(0.6, 1.8)
        case 4:
            left, right = random.uniform(0.5, 1.4, 2).tolist()
            changed = moved * np.linspace(left, right, IMAGE_SIZE)
        case 5:
            y, x = random.integers(0, IMAGE_SIZE - 12, 2).tolist()
            changed[y : y + 12, x : x + 12] = random.choice([0, 255])
        case 6:
            edge = int(random.integers(4, 8))
            changed[slice(0, edge) if random.random() < 0.5 else slice(-edge, None)] = random.choice([0, 255])
    return np.asarray(np.clip(np.rint(changed), 0, 255), np.uint8)


def _scatter(differences: np.ndarray) -> np.ndarray:
    wide = differences.astype(np.float64)
    return np.asarray(wide.T @ wide / len(wide))


def _to_length_one(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)
