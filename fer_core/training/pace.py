"""How many images a second a training step takes on random images. Knows no framework, so that any can be measured by it."""

import itertools
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from fer_core.dataset import VOTE_NAMES, Split, Votes
from fer_core.labels import EMOTIONS, IMAGE_SIZE
from fer_core.runs import Recipe
from fer_core.training.batches import Batch, epoch_batches
from fer_core.training.targets import build_targets

WARM_STEPS = 3
EPOCH_STEPS = 200
_DIFFERENT_IMAGES = 1024


class Pace(NamedTuple):
    """Images/s, and the share of the time (0 to 1) in which the step waited for its batch."""

    images_per_s: float
    waiting_share: float


def measure_pace(learn: Callable[[Batch], object], recipe: Recipe, *, seconds: float) -> Pace:
    """Take steps for about so many seconds, after a few that do not count.

    Args:
        learn: takes one step, and returns when it is done.
        recipe: says how batches are made.
        seconds: how long; at least one step is taken.
    """
    batches = _endless_batches(recipe)
    for _ in range(WARM_STEPS):
        learn(next(batches))
    images, waited = 0, 0.0
    started = now = time.perf_counter()
    while not images or now - started < seconds:
        batch = next(batches)
        waited += time.perf_counter() - now
        learn(batch)
        images += len(batch)
        now = time.perf_counter()
    return Pace(images / (now - started), waited / (now - started))


def measure_pipeline(recipe: Recipe, *, seconds: float) -> float:
    """Only make batches, with no step between them; gives images/s."""
    return measure_pace(lambda _: None, recipe, seconds=seconds).images_per_s


def _endless_batches(recipe: Recipe) -> Iterator[Batch]:
    split, votes = _random_data(recipe.batch_size * EPOCH_STEPS)
    targets = build_targets(split, recipe, votes)
    for epoch in itertools.count(1):
        yield from epoch_batches(split.images, targets, recipe, epoch)


def _random_data(n: int) -> tuple[Split, Votes]:
    rng = np.random.default_rng(0)
    few = rng.integers(0, 256, (min(n, _DIFFERENT_IMAGES), IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)
    labels = rng.integers(0, len(EMOTIONS), n).astype(np.uint8)
    rows = np.arange(n, dtype=np.int32)
    split = Split(name="random", images=few[rows % len(few)], labels=labels, rows=rows, digest="")
    return split, Votes(source="random", digest="", counts=rng.integers(0, 4, (n, len(VOTE_NAMES)), dtype=np.uint8))
