"""Where in a face a model looks: what it loses when a part is hidden (occlusion, Zeiler & Fergus 2014, arXiv:1311.2901)."""

from functools import lru_cache
from typing import Protocol

import cv2
import numpy as np

from fer_core.labels import IMAGE_SIZE
from fer_core.model import softmax

_STEP = 7
_SPREAD = 4.5
"""Standard deviation of the soft spot that hides a part, in pixels."""
_BLUR = 6.0
"""Standard deviation of the blur that is seen in its place: nothing is drawn that was not there."""


class Network(Protocol):
    """What runs a model: a ``Classifier``."""

    def predict_logits(self, images: np.ndarray, head: str = "label") -> np.ndarray:
        """Run images (n, 48, 48) uint8; gives (n, 7) float32."""


def find_saliency(network: Network, image: np.ndarray, head: str = "label") -> np.ndarray:
    """Say of every pixel how much each emotion depends on what is there.

    One batch of images, each with another soft spot blurred, says how far the logarithm of each emotion's probability falls; a
    pixel's value is the mean over the spots, weighted by how much each hides it.

    Args:
        network: what is asked.
        image: (48, 48) uint8.
        head: of the network.

    Returns:
        (7, 48, 48) float32, in nats, emotions in label order; above 0 where hiding the pixel speaks against the emotion.
    """
    spots = _spots()
    blurred = cv2.GaussianBlur(image.astype(np.float32), (0, 0), _BLUR, borderType=cv2.BORDER_REPLICATE)
    hidden = np.rint(image + spots * (blurred - image)).astype(np.uint8)
    logits = network.predict_logits(np.concatenate([image[None], hidden]), head)
    said = np.log(np.maximum(softmax(logits.astype(np.float64)), 1e-12))
    falls = said[0] - said[1:]
    weights = spots.reshape(len(spots), -1)
    means = falls.T @ weights / weights.sum(axis=0)
    return np.asarray(means.reshape(-1, IMAGE_SIZE, IMAGE_SIZE), np.float32)


def order_pixels(saliency: np.ndarray) -> np.ndarray:
    """Give the pixels (2304,) of one emotion's map (48, 48) as flat positions, the most important first."""
    return np.asarray(np.argsort(-saliency, axis=None, kind="stable"))


def fade_curve(
    network: Network, image: np.ndarray, order: np.ndarray, emotion: int, *, insert: bool, steps: int = 16, head: str = "label"
) -> np.ndarray:
    """Follow an emotion's probability while pixels go, or come, in an order: the deletion and the insertion curve.

    Source: Petsiuk et al. 2018, arXiv:1806.07421.

    Args:
        network: what is asked.
        image: (48, 48) uint8.
        order: (2304,) flat positions.
        emotion: 0..6.
        insert: begin with the blurred image and bring pixels; else begin with the image and blur them.
        steps: how often the network is asked after the beginning.
        head: of the network.

    Returns:
        (steps + 1,) float64; a good order makes it fall fast, or with ``insert`` rise fast.
    """
    blurred = np.rint(cv2.GaussianBlur(image.astype(np.float32), (0, 0), _BLUR, borderType=cv2.BORDER_REPLICATE))
    begin, end = (blurred.astype(np.uint8), image) if insert else (image, blurred.astype(np.uint8))
    images = np.repeat(begin.reshape(1, -1), steps + 1, axis=0)
    for step, count in enumerate(np.linspace(0, order.size, steps + 1).astype(int)):
        images[step, order[:count]] = end.reshape(-1)[order[:count]]
    logits = network.predict_logits(images.reshape(-1, IMAGE_SIZE, IMAGE_SIZE), head)
    return np.asarray(softmax(logits.astype(np.float64))[:, emotion])


@lru_cache(maxsize=1)
def _spots() -> np.ndarray:
    """Build (49, 48, 48) float32 soft spots on a grid, each 1 in its middle."""
    centres = np.arange(_STEP // 2, IMAGE_SIZE, _STEP)
    line = np.exp(-((np.arange(IMAGE_SIZE) - centres[:, None]) ** 2) / (2 * _SPREAD**2))
    spots: np.ndarray = (line[:, None, :, None] * line[None, :, None, :]).reshape(-1, IMAGE_SIZE, IMAGE_SIZE).astype(np.float32)
    return spots
