"""Turn, tilt and place heads in their frames."""

import numpy as np

from fer_core.dataset.drawn.curves import column
from fer_core.dataset.drawn.people import Values
from fer_core.labels import IMAGE_SIZE

HALF_WIDTH, HALF_HEIGHT, CENTER_Y, DEPTH = 21.0, 28.0, 26.0, 15.0
"""The head as an ellipsoid, in frame pixels."""


def place(outline: np.ndarray, depth: float, face: Values) -> np.ndarray:
    """Move points from the face to the frame.

    Args:
        outline: (n, k, 2), x from the middle of the face, y from the frame's top.
        depth: frame pixels before the surface of the head; below 0 for what keeps its place when the head turns.
        face: with the pose's values.

    Returns:
        (n, k, 2) float32, x and y in frame pixels from the top left.
    """
    x, y = outline[..., 0], outline[..., 1] - CENTER_Y
    if depth >= 0:
        z = DEPTH * np.sqrt(np.clip(1 - (x / HALF_WIDTH) ** 2 - (y / HALF_HEIGHT) ** 2, 0.05, 1)) + depth
        yaw, pitch = column(face["yaw"]), column(face["pitch"])
        x, z = x * np.cos(yaw) + z * np.sin(yaw), z * np.cos(yaw) - x * np.sin(yaw)
        y = y * np.cos(pitch) + z * np.sin(pitch)
    roll, scale = column(face["roll"]), column(face["scale"])
    turned_x = scale * (x * np.cos(roll) - y * np.sin(roll)) + column(face["shift_x"]) + IMAGE_SIZE / 2
    turned_y = scale * (x * np.sin(roll) + y * np.cos(roll)) + column(face["shift_y"]) + CENTER_Y
    return np.stack((turned_x, turned_y), axis=-1).astype(np.float32)
