"""What tells one face from another for a second or two: a rough picture without its brightness, and its colour."""

import cv2
import numpy as np

from fer_core.vision.planes import Planes, size_of

SIDE = 12
TINT_UNIT, DARKEST = 0.18, 20.0
"""Tints (U and V about gray, over the brightness) that are this far apart belong to two people. The dark have no tint."""
INNER = 0.25
"""The colour is taken from the box without this share at each of its sides."""
CHROMA_WEIGHTS = np.array([[0.500, -0.331, -0.169], [-0.081, -0.419, 0.500]]) * (224 / 255)
"""From B, G, R to U and V of BT.601, limited range."""


def describe_faces(picture: np.ndarray | Planes, frames: np.ndarray, crops: np.ndarray) -> np.ndarray:
    """Describe faces so that they can be told apart.

    Args:
        picture: (h, w, 3) BGR uint8, or planes.
        frames: (n, 4) xyxy pixels of the faces in it, clipped or not.
        crops: (n, 48, 48) uint8: the same faces.

    Returns:
        (n, 146) float32: 144 gray values that sum to 0 and whose squares sum to 1 (all 0 where the face is one flat tone), then
        the tint over ``TINT_UNIT``.
    """
    looks = np.zeros((len(frames), SIDE * SIDE + 2), np.float32)
    for look, frame, crop in zip(looks, frames, crops, strict=True):
        patch = cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32).ravel()
        patch -= patch.mean()
        length = float(np.linalg.norm(patch))
        if length > 1:
            look[:-2] = patch / length
        look[-2:] = _chroma(picture, frame) / (TINT_UNIT * (float(crop.mean()) + DARKEST))
    return looks


def look_distances(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Give how different (n, 146) and (m, 146) looks are: (n, m) within 0..3, near 0 for one face, about 1 for two."""
    gray = 1 - left[:, :-2] @ right[:, :-2].T
    colour = np.linalg.norm(left[:, None, -2:] - right[None, :, -2:], axis=-1)
    distances: np.ndarray = gray + np.minimum(colour, 1)
    return distances


def _chroma(picture: np.ndarray | Planes, frame: np.ndarray) -> np.ndarray:
    """Mean U and V about the middle of a face, 0 for gray and where it lies outside."""
    size = np.array(size_of(picture))
    margin = INNER * (frame[2:] - frame[:2])
    half = 2 if isinstance(picture, Planes) else 1
    left, top = np.clip((frame[:2] + margin) / half, 0, size // half).astype(int)
    right, bottom = np.clip((frame[2:] - margin) / half + 1, 0, size // half).astype(int)
    if right <= left or bottom <= top:
        return np.zeros(2)
    if isinstance(picture, Planes):
        return np.array([plane[top:bottom, left:right].mean() for plane in (picture.u, picture.v)]) - 128
    shade: np.ndarray = CHROMA_WEIGHTS @ np.array(cv2.mean(picture[top:bottom, left:right])[:3])
    return shade
