"""Batches of an epoch, made one ahead in a thread. Seed, epoch and batch number decide all that is random in them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from fer_core.dataset import Split
from fer_core.labels import EMOTIONS
from fer_core.runs import Recipe
from fer_core.training.augment import augment_images


def count_batches(n: int, batch_size: int) -> int:
    """Batches of an epoch over ``n`` images; the last may be smaller."""
    return -(-n // batch_size)


def epoch_batches(split: Split, recipe: Recipe, epoch: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Give the batches of one epoch, in an order of its own.

    Yields:
        images (b, 48, 48, 1) uint8 and targets (b, 7) float32, one-hot.
    """
    order = np.random.default_rng([recipe.seed, epoch]).permutation(len(split))
    chunks = [order[start : start + recipe.batch_size] for start in range(0, len(order), recipe.batch_size)]
    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(_make_batch, split, recipe, epoch, 0, chunks[0])
        for number in range(1, len(chunks) + 1):
            batch = ahead.result()
            if number < len(chunks):
                ahead = pool.submit(_make_batch, split, recipe, epoch, number, chunks[number])
            yield batch


def _make_batch(split: Split, recipe: Recipe, epoch: int, number: int, chunk: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng([recipe.seed, epoch, number])
    images = augment_images(split.images[chunk], recipe.augment, rng)
    targets = np.eye(len(EMOTIONS), dtype=np.float32)[split.labels[chunk]]
    return images[..., None], targets
