"""Networks by name: 48 x 48 gray faces, uint8 in, logits out, rescaling inside."""

from collections.abc import Callable

import keras
from keras import layers

from fer_core.labels import EMOTIONS, IMAGE_SIZE
from fer_core.training.normalisation import FusedBatchNormalization

Normalise = type[layers.BatchNormalization]


def build_network(name: str, *, dropout: float, fused: bool = False) -> keras.Model:
    """Build an untrained network.

    Args:
        name: a key of ``NETWORKS``.
        dropout: share of units dropped before the last dense layer, 0 to below 1.
        fused: use the fast normalisation of training; the weights are the same, in the same order,
            as those of the plain layers that are exported.

    Returns:
        A model from images (n, 48, 48, 1) uint8 to logits (n, 7) float32.
    """
    normalise = FusedBatchNormalization if fused else layers.BatchNormalization
    image = keras.Input((IMAGE_SIZE, IMAGE_SIZE, 1), dtype="uint8", name="image")
    return keras.Model(image, NETWORKS[name](image, dropout, normalise), name=name)


def _logits(features: keras.KerasTensor) -> keras.KerasTensor:
    return layers.Dense(len(EMOTIONS), dtype="float32", name="logits")(features)


def _seed(image: keras.KerasTensor, dropout: float, _: Normalise) -> keras.KerasTensor:
    """The university report's network: 551,687 parameters."""
    x = layers.Rescaling(1 / 255)(image)
    for filters in (16, 32, 64):
        x = layers.Conv2D(filters, 3, activation="elu")(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Dense(512, activation="elu")(layers.Flatten()(x))
    return _logits(layers.Dropout(dropout)(x))


def _vgg(image: keras.KerasTensor, dropout: float, normalise: Normalise) -> keras.KerasTensor:
    """Four pairs of 3 x 3 convolutions (32, 64, 128, 256), each normalised, then the mean over space."""
    x = layers.Rescaling(1 / 127.5, offset=-1)(image)
    for stage, filters in enumerate((32, 64, 128, 256)):
        if stage:
            x = layers.MaxPooling2D()(x)
        for _ in range(2):
            x = layers.Conv2D(filters, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
            x = layers.ReLU()(normalise()(x))
    x = layers.Dropout(dropout)(layers.GlobalAveragePooling2D()(x))
    return _logits(x)


NETWORKS: dict[str, Callable[[keras.KerasTensor, float, Normalise], keras.KerasTensor]] = {"seed": _seed, "vgg": _vgg}
"""Builders of the body of each network."""
