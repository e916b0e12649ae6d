"""How many images a second this machine trains with a recipe, measured in a few steps on random images."""

import time
from dataclasses import replace

import numpy as np

from fer_core.dataset import VOTE_NAMES, Split, Votes
from fer_core.labels import EMOTIONS, IMAGE_SIZE
from fer_core.runs import Recipe
from fer_core.training.batches import epoch_batches
from fer_core.training.engine import Learner
from fer_core.training.targets import build_targets

WARM_STEPS = 3
MEASURE_S = 5.0
MOST_STEPS = 200


def measure_steps(recipe: Recipe) -> float:
    """Train on random images for about five seconds after the network is built; gives images/s of the whole-image epochs."""
    recipe = replace(recipe, crop_until=0.0)
    split, votes = _random_data(recipe.batch_size * (WARM_STEPS + MOST_STEPS))
    learner = Learner(recipe, MOST_STEPS)
    images = 0
    started = time.perf_counter()
    for step, batch in enumerate(epoch_batches(split.images, build_targets(split, recipe, votes), recipe, 1)):
        if step == WARM_STEPS:
            started = time.perf_counter()
            images = 0
        learner.learn(batch)
        images += len(batch)
        if step > WARM_STEPS and time.perf_counter() - started > MEASURE_S:
            break
    return images / (time.perf_counter() - started)


def _random_data(n: int) -> tuple[Split, Votes]:
    rng = np.random.default_rng(0)
    few = rng.integers(0, 256, (min(n, 1024), IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)
    labels = rng.integers(0, len(EMOTIONS), n).astype(np.uint8)
    rows = np.arange(n, dtype=np.int32)
    split = Split(name="random", images=few[np.arange(n) % len(few)], labels=labels, rows=rows, digest="")
    return split, Votes(source="random", digest="", counts=rng.integers(0, 4, (n, len(VOTE_NAMES)), dtype=np.uint8))
