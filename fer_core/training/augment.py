"""Random changes to training images: pure functions of a random generator, so that any batch can be made again."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from fer_core.training.amounts import ERASE_SHARE, GAIN, OFFSET, SHIFT, TURN_DEGREES, ZOOM


def augment_images(images: np.ndarray, names: Sequence[str], rng: np.random.Generator) -> np.ndarray:
    """Change images at random.

    Args:
        images: (n, 48, 48) uint8; not changed.
        names: which of ``AUGMENTATIONS``; applied in that order.
        rng: where the randomness comes from.

    Returns:
        (n, 48, 48) uint8.
    """
    for name in names:
        images = _AUGMENT[name](images, rng)
    return images


def flip(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Mirror half of the images from left to right."""
    chosen = rng.random(len(images)) < 0.5
    flipped: np.ndarray = np.where(chosen[:, None, None], images[:, :, ::-1], images)
    return flipped


def affine(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turn, zoom and shift each image; edge pixels go on outside."""
    n, height, width = images.shape
    angle = np.radians(rng.uniform(-TURN_DEGREES, TURN_DEGREES, n))
    scale = np.exp(rng.uniform(-ZOOM, ZOOM, n))
    shift = rng.uniform(-SHIFT, SHIFT, (n, 2)) * (width, height)
    cosine, sine = np.cos(angle) * scale, np.sin(angle) * scale
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    matrices = np.empty((n, 2, 3))
    matrices[:, 0, 0], matrices[:, 0, 1] = cosine, -sine
    matrices[:, 1, 0], matrices[:, 1, 1] = sine, cosine
    matrices[:, :, 2] = centre + shift - matrices[:, :, :2] @ centre
    out = np.empty((n, height, width), np.uint8)
    for image, matrix, target in zip(images, matrices, out, strict=True):
        source = np.ascontiguousarray(image)
        cv2.warpAffine(source, matrix, (width, height), dst=target, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return out


def brightness(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Multiply each image by a random gain and add a random offset, clipped to 0..255."""
    gain = rng.uniform(1 - GAIN, 1 + GAIN, (len(images), 1, 1)).astype(np.float32)
    offset = rng.uniform(-OFFSET, OFFSET, (len(images), 1, 1)).astype(np.float32)
    changed: np.ndarray = np.clip(np.rint(images * gain + offset), 0, 255).astype(np.uint8)
    return changed


def erase(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Cover a random rectangle of half of the images with one gray."""
    out = images.copy()
    n, height, width = images.shape
    chosen = rng.random(n) < ERASE_SHARE
    sides = rng.integers(height // 8, height // 2 + 1, (n, 2))
    grays = rng.integers(0, 256, (n,))
    for index in np.flatnonzero(chosen).tolist():
        tall, wide = int(sides[index, 0]), int(sides[index, 1])
        top, left = rng.integers(0, height - tall + 1), rng.integers(0, width - wide + 1)
        out[index, top : top + tall, left : left + wide] = grays[index]
    return out


_AUGMENT: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "flip": flip,
    "affine": affine,
    "brightness": brightness,
    "erase": erase,
}
