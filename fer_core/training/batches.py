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
        return Batch(augment_images(images[chosen], recipe.augment, rng)[..., None], *targets.of(chosen))

    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(make, 0)
        for number in range(1, len(chunks) + 1):
            batch = ahead.result()
            if number < len(chunks):
                ahead = pool.submit(make, number)
            yield batch
