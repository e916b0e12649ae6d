"""Batch normalisation's statistics of a trained network, measured anew on images as they are.

Those of training are of augmented images, turned, shifted, lit anew, which are not quite like the ones to be recognised; and
averaged weights never saw them. "Rethinking Batch in BatchNorm" (Wu and Johnson 2021, arXiv:2105.07576) calls these precise.
"""

import keras
import numpy as np

MOST_IMAGES, BATCH = 8192, 256


def measure_statistics(network: keras.Model, images: np.ndarray) -> None:
    """Measure mean and variance before each normalisation of a network, over whole batches of images, and set them.

    Args:
        network: a plain one, without dropout before its last normalisation.
        images: (n, 48, 48) uint8, of training; some of them are taken, evenly.
    """
    layers = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.momentum = 0.0  # what it keeps is then the last batch's
    chosen = images[np.linspace(0, len(images) - 1, min(len(images), MOST_IMAGES)).astype(int)]
    chosen = np.random.default_rng(0).permutation(chosen)
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


def _array(value: object) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(value), np.float64)
