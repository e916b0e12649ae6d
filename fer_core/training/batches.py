"""Batches of an epoch, made one ahead in a thread. Seed, epoch and batch number decide all that is random in them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from fer_core.runs import Recipe
from fer_core.training.augment import augment_images
from fer_core.training.targets import Targets


@dataclass(frozen=True, eq=False)
class Batch:
    """What one step learns from.

    Attributes:
        images: (b, 48, 48, 1) uint8.
        targets: (b, 7) float32 by the network's output.
        weights: (b,) float32 by the network's output.
    """

    images: np.ndarray
    targets: dict[str, np.ndarray]
    weights: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.images)


def count_batches(n: int, batch_size: int) -> int:
    """Batches of an epoch over ``n`` images; the last may be smaller."""
    return -(-n // batch_size)


def epoch_batches(images: np.ndarray, targets: Targets, recipe: Recipe, epoch: int) -> Iterator[Batch]:
    """Give the batches of one epoch, in an order of its own.

    Args:
        images: (n, 48, 48) uint8.
        targets: of these n images.
        recipe: batch size, augmentation and seed.
        epoch: from 1.
    """
    order = np.random.default_rng([recipe.seed, epoch]).permutation(len(images))
    chunks = [order[start : start + recipe.batch_size] for start in range(0, len(order), recipe.batch_size)]

    def make(number: int) -> Batch:
        chosen = chunks[number]
        rng = np.random.default_rng([recipe.seed, epoch, number])
        batch = Batch(augment_images(images[chosen], recipe.augment, rng)[..., None], *targets.of(chosen))
        return mix_up(batch, recipe.mixup, rng) if recipe.mixup else batch

    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(make, 0)
        for number in range(1, len(chunks) + 1):
            batch = ahead.result()
            if number < len(chunks):
                ahead = pool.submit(make, number)
            yield batch


def mix_up(batch: Batch, alpha: float, rng: np.random.Generator) -> Batch:
    """Mix each image, target and weight with those of another row of the batch, chosen at random (arXiv:1710.09412).

    Args:
        batch: b rows; not changed. A row without a weight gives nothing to the target it is mixed into.
        alpha: of the Beta distribution that shares are drawn from; the lower, the more images stay nearly themselves.
        rng: where the randomness comes from.
    """
    partner = rng.permutation(len(batch))
    share = rng.beta(alpha, alpha, len(batch)).astype(np.float32)
    share = np.maximum(share, 1 - share)

    def mix(values: np.ndarray) -> np.ndarray:
        own = share.reshape(-1, *[1] * (values.ndim - 1))
        mixed: np.ndarray = own * values + (1 - own) * values[partner]
        return mixed

    weights = {name: mix(values) for name, values in batch.weights.items()}
    targets = {
        name: mix(values * batch.weights[name][:, None]) / np.maximum(weights[name], 1e-6)[:, None]
        for name, values in batch.targets.items()
    }
    return Batch(np.rint(mix(batch.images)).astype(np.uint8), targets, weights)
