"""A classifier whose answers the pixels give away."""

import numpy as np


class PixelClassifier:
    """Answers with the first seven pixels of each image, and counts the images it saw."""

    seen = 0

    def __init__(self, model, *, threads=1):
        self.model = model

    def predict_logits(self, images, head="label"):
        type(self).seen += len(images)
        return pixel_logits(images)


def pixel_logits(images):
    return images[:, 0, :7].astype(np.float32) / 50
