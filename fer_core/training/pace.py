"""How many images a second a training step takes on random images. Knows no framework, so that any can be measured by it."""

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from fer_core.dataset import Split
from fer_core.labels import EMOTIONS, IMAGE_SIZE
from fer_core.runs import Recipe
from fer_core.training.batches import epoch_batches

WARM_STEPS = 3
EPOCH_STEPS = 200
_DIFFERENT_IMAGES = 1024


class Pace(NamedTuple):
    """Images/s, and the share of the time (0 to 1) in which the step waited for its batch."""

    images_per_s: float
    waiting_share: float


def measure_pace(learn: Callable[..., object], recipe: Recipe, *, seconds: float) -> Pace:
    """Take steps for about so many seconds, after a few that do not count.

    Args:
        learn: takes one step; gets what ``epoch_batches`` gives, and returns when the step is done.
        recipe: says how batches are made.
        seconds: how long; at least one step is taken.
    """
    batches = _endless_batches(recipe)
    for _ in range(WARM_STEPS):
        learn(*next(batches))
    images, waited = 0, 0.0
    started = now = time.perf_counter()
    while not images or now - started < seconds:
        batch = next(batches)
        waited += time.perf_counter() - now
        learn(*batch)
        images += len(batch[0])
        now = time.perf_counter()
    return Pace(images / (now - started), waited / (now - started))


def measure_pipeline(recipe: Recipe, *, seconds: float) -> float:
    """Only make batches, with no step between them; gives images/s."""
    return measure_pace(lambda *_: None, recipe, seconds=seconds).images_per_s


def _endless_batches(recipe: Recipe) -> Iterator[tuple[Any, ...]]:
    split = _random_split(recipe.batch_size * EPOCH_STEPS)
    for epoch in itertools.count(1):
        yield from epoch_batches(split, recipe, epoch)


def _random_split(n: int) -> Split:
    rng = np.random.default_rng(0)
    few = rng.integers(0, 256, (min(n, _DIFFERENT_IMAGES), IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)
    labels = rng.integers(0, len(EMOTIONS), n).astype(np.uint8)
    return Split(
        name="random", images=few[np.arange(n) % len(few)], labels=labels, rows=np.arange(n, dtype=np.int32), digest=""
    )
