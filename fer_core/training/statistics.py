"""Batch normalisation's statistics of a trained network, measured anew on images as they are.

Those of training are of augmented images, turned, shifted, lit anew, which are not quite like the ones to be recognised; and
averaged weights never saw them. "Rethinking Batch in BatchNorm" (Wu and Johnson 2021, arXiv:2105.07576) calls these precise.
"""

from collections.abc import Sequence

import keras
import numpy as np

from fer_core.runs import Recipe
from fer_core.training.networks import build_network

MOST_IMAGES, BATCH = 8192, 256


def measure_statistics(recipe: Recipe, weights: Sequence[np.ndarray], images: np.ndarray) -> list[np.ndarray]:
    """Measure mean and variance before each normalisation, over whole batches of images.

    Args:
        recipe: whose network it is.
        weights: of the plain network, in Keras's order.
        images: (n, 48, 48) uint8, of training; some of them are taken, evenly.

    Returns:
        The weights with these statistics; as they were where there is no normalisation.
    """
    network = build_network(recipe)
    network.set_weights(list(weights))
    layers = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    if not layers:
        return list(weights)
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.momentum = 0.0  # what it keeps is then the last batch's
    chosen = images[np.linspace(0, len(images) - 1, min(len(images), MOST_IMAGES)).astype(int)]
    chosen = np.random.default_rng(recipe.seed).permutation(chosen)
    batches = np.array_split(chosen, max(len(chosen) // BATCH, 1))
    sums = [np.zeros((2, *layer.moving_mean.shape)) for layer in layers]
    for batch in batches:
        network(batch[..., None], training=True)
        for total, layer in zip(sums, layers, strict=True):
            mean, variance = (_array(value) for value in (layer.moving_mean, layer.moving_variance))
            total += len(batch) / len(chosen) * np.stack([mean, variance + mean**2])
    for (mean, square), layer, momentum in zip(sums, layers, momenta, strict=True):
        layer.moving_mean.assign(mean)
        layer.moving_variance.assign(square - mean**2)
        layer.momentum = momentum
    return list(network.get_weights())


def _array(value: object) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(value), np.float64)
