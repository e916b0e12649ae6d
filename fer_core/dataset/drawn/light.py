"""Light, soft shadows and the camera, for all faces at once."""

import numpy as np

from fer_core.dataset.drawn.curves import column
from fer_core.dataset.drawn.people import Values
from fer_core.dataset.drawn.pose import CENTER_Y, HALF_HEIGHT, HALF_WIDTH, place
from fer_core.labels import IMAGE_SIZE

_AT = np.arange(IMAGE_SIZE, dtype=np.float32) + 0.5


def shade(face: Values, masks: np.ndarray) -> np.ndarray:
    """How bright each pixel is lit.

    Args:
        face: values of all faces.
        masks: (n, 48, 48) float32 0..1, where the face is.

    Returns:
        (n, 48, 48) float32, factors around 1.
    """
    x = (_AT[None, None, :] - IMAGE_SIZE / 2 - face["shift_x"][:, None, None]) / (HALF_WIDTH * face["scale"][:, None, None])
    y = (_AT[None, :, None] - CENTER_Y - face["shift_y"][:, None, None]) / (HALF_HEIGHT * face["scale"][:, None, None])
    z = np.sqrt(np.clip(1 - x * x - y * y, 0.02, 1))
    across, up = np.sin(face["light_angle"]) * 0.75, np.full_like(face["light_angle"], -0.35)
    strength = face["light_strength"][:, None, None]
    lambert = np.clip(x * across[:, None, None] + y * up[:, None, None] + z * 0.75, 0, None)
    form = 1 - strength + strength * 1.22 * lambert - 0.1 * (1 - z)
    flat = 1 + 0.25 * strength * x * across[:, None, None]
    return np.asarray((masks * form + (1 - masks) * flat) * (1 + masks * _draw_shadows(face)), np.float32)


def _draw_shadows(face: Values) -> np.ndarray:
    """Soft shadows (below 0) and highlights (above) of the surface: (n, 48, 48)."""
    total = np.zeros((len(face["skin"]), IMAGE_SIZE, IMAGE_SIZE), np.float32)
    for x, y, radius_x, radius_y, amount in _list_shadows(face):
        center = place(np.stack((x, y), axis=-1)[:, None].astype(np.float32), 1.0, face)[:, 0]
        across = np.exp(-(((_AT - center[:, :1]) / radius_x) ** 2)).astype(np.float32)
        down = np.exp(-(((_AT - center[:, 1:]) / radius_y) ** 2)).astype(np.float32)
        total += (column(amount) * down)[:, :, None].astype(np.float32) * across[:, None, :]
    return total


def _list_shadows(face: Values) -> list[tuple[np.ndarray, np.ndarray, float, float, np.ndarray]]:
    """x, y, radii and strength of each."""
    one = np.ones_like(face["skin"])
    side_light = np.sin(face["light_angle"]) * face["light_strength"]
    shadows = [
        (0 * one, face["nose_y"] - 2.0, 1.6, 2.0, 0.13 * one),
        (0 * one, face["nose_y"] - 8.0, 1.3, 6.0, 0.10 * one),
        (0 * one, face["nose_y"] + 1.8, 3.4, 1.5, -0.16 * one),
        (0 * one, face["mouth_y"] + face["gap_lower"] + face["lip_lower"] + 2.0, 3.6, 1.4, -0.12 - 0.08 * face["chin"]),
        (0 * one, face["chin_y"] + face["jaw"] - 2.6, 4.0, 2.2, 0.07 * one),
        (0 * one, face["mouth_y"], 10.5, 7.0, -0.34 * face["beard"]),
        (0 * one, face["chin_y"] - 1.5, 13.0, 4.5, -0.34 * face["beard"]),
        (0 * one, 8.0 * one, 9.0, 5.0, 0.05 * one),
    ]
    for side in (-1, 1):
        shadows += [
            (side * (face["eye_x"] - 2.6), face["eye_y"] - 1.6, 3.0, 2.4, -0.14 - 0.10 * face["frown"]),
            (side * face["eye_x"], face["eye_y"] - 2.2, 5.0, 1.8, -0.08 * one),
            (side * face["eye_x"], face["eye_y"] + 3.8, 4.4, 1.6, -0.05 - 0.07 * face["bag"]),
            (side * 2.7 * one, face["nose_y"] - 5.0, 1.5, 5.0, -0.07 - 0.09 * side * side_light),
            (side * (10.2 - 0.5 * face["cheek"]), 29.0 - 1.6 * face["cheek"], 4.2, 3.2, 0.05 + 0.11 * face["cheek"]),
            (side * 13.6 * one, 36.0 * one, 3.6, 6.0, -0.10 * one),
        ]
    return shadows


def expose(lit: np.ndarray, face: Values, rng: np.random.Generator) -> np.ndarray:
    """Exposure, contrast and noise of a camera.

    Args:
        lit: (n, 48, 48) float32 gray levels.
        face: with the light's values.
        rng: draws the noise.

    Returns:
        (n, 48, 48) uint8.
    """
    gray = (lit * face["exposure"][:, None, None] - 128) * face["contrast"][:, None, None] + 128
    gray = gray + rng.standard_normal(lit.shape, np.float32) * face["noise"][:, None, None]
    pixels: np.ndarray = np.clip(np.rint(gray), 0, 255).astype(np.uint8)
    return pixels
