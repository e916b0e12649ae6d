"""A portrait in the public domain, the detector and the shipped seed model."""

import cv2
import numpy as np
import pytest
from skimage import data

from fer_core.model import Classifier, load_model, shipped_dir
from fer_core.vision import Detector

PORTRAIT_BOX = np.array([[172, 68, 278, 174]])
"""Where the portrait's face is, xyxy."""


@pytest.fixture(scope="session")
def portrait() -> np.ndarray:
    """scikit-image's astronaut: (512, 512, 3) BGR uint8, read-only."""
    image = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    image.flags.writeable = False
    return image


@pytest.fixture(scope="session")
def detector() -> Detector:
    return Detector()


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    return Classifier(load_model(shipped_dir() / "seed"))


def sight(name: str) -> np.ndarray:
    """One of scikit-image's pictures without people: (h, w, 3) BGR uint8."""
    image = getattr(data, name)()
    return cv2.cvtColor(image, cv2.COLOR_RGB2BGR if image.ndim == 3 else cv2.COLOR_GRAY2BGR)
