"""Curves and outlines of many faces at once: arrays of points, (n, k, 2) with x and y in frame pixels."""

import numpy as np

Amount = np.ndarray | float


def column(values: np.ndarray) -> np.ndarray:
    """(n,) to (n, 1), to be combined with points along a curve."""
    return np.asarray(values)[:, None]


def points(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pair x and y, each (n, k) or (k,), to (n, k, 2) float32."""
    return np.stack(np.broadcast_arrays(x, y), axis=-1).astype(np.float32)


def ribbon(line: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Outline of a line of varying width.

    Args:
        line: (n, k, 2).
        width: (n, k) or (k,), whole width at each point.

    Returns:
        (n, 2 k, 2).
    """
    along = np.gradient(line, axis=1)
    along /= np.maximum(np.linalg.norm(along, axis=2, keepdims=True), 1e-6)
    side = np.stack((-along[..., 1], along[..., 0]), axis=-1) * (0.5 * np.broadcast_to(width, line.shape[:2])[..., None])
    return np.concatenate((line + side, (line - side)[:, ::-1]), axis=1)


def ellipse(center: tuple[np.ndarray, Amount], radii: tuple[Amount, Amount], k: int = 14) -> np.ndarray:
    """Outline of one ellipse a face, as k points; x of the center is (n,), the rest (n,) or a number."""
    angle = np.linspace(0, 2 * np.pi, k, endpoint=False)
    x, y, radius_x, radius_y = (column(np.broadcast_to(value, center[0].shape)) for value in (*center, *radii))
    return points(x + radius_x * np.cos(angle), y + radius_y * np.sin(angle))


def smooth(controls: np.ndarray, k: int) -> np.ndarray:
    """Lay a Catmull-Rom spline through control points: (n, c) to (n, k)."""
    c = controls.shape[1]
    at = np.linspace(0, c - 1, k)
    index = np.minimum(at.astype(int), c - 2)
    u = at - index
    weights = np.zeros((c, k))
    basis = (-u + 2 * u**2 - u**3, 2 - 5 * u**2 + 3 * u**3, u + 4 * u**2 - 3 * u**3, -(u**2) + u**3)
    for offset, weight in zip((-1, 0, 1, 2), basis, strict=True):
        np.add.at(weights, (np.clip(index + offset, 0, c - 1), np.arange(k)), weight / 2)
    return controls @ weights
