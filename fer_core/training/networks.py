"""Networks by name: 48 x 48 gray faces, uint8 in, logits out, rescaling inside."""

from collections.abc import Callable

import keras
from keras import layers

from fer_core.labels import EMOTIONS, IMAGE_SIZE
from fer_core.model import OUTPUTS
from fer_core.runs import Recipe
from fer_core.training.normalisation import FusedBatchNormalization

Normalise = type[layers.BatchNormalization]


def build_network(recipe: Recipe, *, in_training: bool = False) -> keras.Model:
    """Build a recipe's untrained network.

    Args:
        recipe: names the network, its heads and its dropout.
        in_training: use the fast normalisation of training; the weights are the same, in the same order, as those of the
            plain layers that are exported.

    Returns:
        A model from images (n, 48, 48, 1) uint8 to a dict: ``logits`` (n, 7) float32, and ``crowd_logits`` with a crowd head.
    """
    normalise = FusedBatchNormalization if in_training else layers.BatchNormalization
    image = keras.Input((IMAGE_SIZE, IMAGE_SIZE, 1), dtype="uint8", name="image")
    features = layers.Dropout(recipe.dropout)(NETWORKS[recipe.network](image, normalise))
    outputs = {
        OUTPUTS[head]: layers.Dense(len(EMOTIONS), dtype="float32", name=OUTPUTS[head])(features) for head in recipe.heads
    }
    return keras.Model(image, outputs, name=recipe.network)


def _seed(image: keras.KerasTensor, _: Normalise) -> keras.KerasTensor:
    """The university report's network: 551,687 parameters."""
    x = layers.Rescaling(1 / 255)(image)
    for filters in (16, 32, 64):
        x = layers.Conv2D(filters, 3, activation="elu")(x)
        x = layers.MaxPooling2D()(x)
    return layers.Dense(512, activation="elu")(layers.Flatten()(x))


def _vgg(image: keras.KerasTensor, normalise: Normalise) -> keras.KerasTensor:
    """Four pairs of 3 x 3 convolutions (32, 64, 128, 256), each normalised, then the mean over space."""
    x = layers.Rescaling(1 / 127.5, offset=-1)(image)
    for stage, filters in enumerate((32, 64, 128, 256)):
        if stage:
            x = layers.MaxPooling2D()(x)
        for _ in range(2):
            x = layers.ReLU()(_convolve(x, filters, normalise))
    return layers.GlobalAveragePooling2D()(x)


def _studio(image: keras.KerasTensor, normalise: Normalise, width: float = 1.0) -> keras.KerasTensor:
    """Four stages, the last two with a residual block each; then a layer that sees where in the face each feature is."""
    first, second, third, fourth, last = (round(filters * width) for filters in (32, 64, 112, 224, 256))
    x = layers.Rescaling(1 / 127.5, offset=-1)(image)
    x = layers.ReLU()(_convolve(x, first, normalise))
    for filters, residual in ((second, False), (third, True), (fourth, True)):
        x = layers.MaxPooling2D()(x)
        x = layers.ReLU()(_convolve(x, filters, normalise))
        y = layers.ReLU()(_convolve(x, filters, normalise))
        x = layers.ReLU()(layers.Add()([x, _convolve(y, filters, normalise)])) if residual else y
    x = layers.ReLU()(_convolve(layers.MaxPooling2D()(x), last, normalise, padding="valid"))
    return layers.Flatten()(x)


def _wide(image: keras.KerasTensor, normalise: Normalise) -> keras.KerasTensor:
    """``studio`` with half as many channels again and 2.2 times the work: to teach, too slow to serve."""
    return _studio(image, normalise, 1.5)


def _quick(image: keras.KerasTensor, normalise: Normalise) -> keras.KerasTensor:
    """Five convolutions at half the resolution and less, then the mean over space: a sixth of the work of ``vgg``."""
    x = layers.Rescaling(1 / 127.5, offset=-1)(image)
    x = layers.ReLU()(_convolve(x, 32, normalise, size=5, strides=2))
    for filters in (64, 128):
        x = layers.MaxPooling2D()(x)
        for _ in range(2):
            x = layers.ReLU()(_convolve(x, filters, normalise))
    return layers.GlobalAveragePooling2D()(x)


def _convolve(
    x: keras.KerasTensor, filters: int, normalise: Normalise, *, size: int = 3, strides: int = 1, padding: str = "same"
) -> keras.KerasTensor:
    """A convolution, normalised."""
    convolution = layers.Conv2D(filters, size, strides, padding=padding, use_bias=False, kernel_initializer="he_normal")
    return normalise()(convolution(x))


NETWORKS: dict[str, Callable[[keras.KerasTensor, Normalise], keras.KerasTensor]] = {
    "seed": _seed,
    "vgg": _vgg,
    "studio": _studio,
    "wide": _wide,
    "quick": _quick,
}
"""Builders of each network's features (n, k)."""
