"""Quick models that are trained on one part of a dataset and asked about another."""

from collections.abc import Callable

import keras
import numpy as np

from fer_core.dataset import Split
from fer_core.model import softmax
from fer_core.runs import find_recipe, with_settings
from fer_core.training.backend import prepare_backend
from fer_core.training.batches import count_batches, epoch_batches
from fer_core.training.engine import Learner
from fer_core.training.targets import build_targets


def predict_out_of_sample(train: Split, asked: np.ndarray, seed: int, progress: Callable[[float], None]) -> np.ndarray:
    """Train the recipe ``quick`` from chance, and ask it about images that are not in ``train``.

    Args:
        train: at least one row.
        asked: (m, 48, 48) uint8.
        seed: of everything that is random.
        progress: told the share done after each batch; what it raises ends the training.

    Returns:
        (m, 7) float32 probabilities.
    """
    keras.backend.clear_session()
    prepare_backend(seed, deterministic=False)
    recipe = with_settings(find_recipe("quick"), {"seed": seed})
    batches = count_batches(len(train), recipe.batch_size)
    learner = Learner(recipe, batches)
    targets = build_targets(train, recipe, None)
    for epoch in range(recipe.epochs):
        for number, batch in enumerate(epoch_batches(train.images, targets, recipe, epoch + 1), start=1):
            learner.learn(batch)
            progress((epoch + number / batches) / recipe.epochs)
    return softmax(learner.judge_logits(learner.weights(), asked)["label"])
