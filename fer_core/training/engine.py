"""The network, its optimiser and the averaged weights, as one thing that learns batch by batch."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from fer_core.model import OUTPUTS, Model
from fer_core.runs import Recipe
from fer_core.training.batches import Batch
from fer_core.training.checkpoint import Checkpoint
from fer_core.training.networks import build_network
from fer_core.training.start import start_from

JUDGE_BATCH = 256


class Learner:
    """A network in training, and the plain copy of it that is validated and exported.

    Args:
        recipe: what to build and how to train it.
        steps_per_epoch: batches of an epoch; schedules count them.
    """

    def __init__(self, recipe: Recipe, steps_per_epoch: int) -> None:
        self.recipe = recipe
        self.network = build_network(recipe, in_training=True)
        self.judge = build_network(recipe)
        self.optimizer = _build_optimizer(recipe, steps_per_epoch)
        outputs = {head: OUTPUTS[head] for head in recipe.heads}
        self.network.compile(
            self.optimizer,
            loss={output: keras.losses.CategoricalCrossentropy(from_logits=True) for output in outputs.values()},
            loss_weights={output: recipe.crowd_weight if head == "crowd" else 1.0 for head, output in outputs.items()},
            metrics={OUTPUTS["label"]: [keras.metrics.CategoricalAccuracy(name="accuracy")]},
            jit_compile=keras.backend.backend() == "jax",  # which otherwise runs operation by operation
        )
        self.optimizer.build(self.network.trainable_variables)
        self.steps = 0
        self.average = [np.array(value) for value in self.network.get_weights()] if recipe.average_decay else []

    def start_from(self, models: Sequence[Model]) -> tuple[int, int]:
        """Take the mean of models' weights, as far as layers agree; gives how many do, and how many there are."""
        counts = start_from(self.network, models)
        self.average = [np.array(value) for value in self.network.get_weights()] if self.average else []
        return counts

    def learn(self, batch: Batch) -> tuple[float, float]:
        """Take one step; gives the batch's mean loss, all heads together, and the label head's accuracy."""
        figures = self.network.train_on_batch(batch.images, batch.targets, batch.weights, return_dict=True)
        self.steps += 1
        if self.average:
            self._update_average()
        accuracy = next(value for name, value in figures.items() if name.endswith("accuracy"))
        return float(figures["loss"]), float(accuracy)

    @property
    def learning_rate(self) -> float:
        """Of the next step."""
        return float(keras.ops.convert_to_numpy(self.optimizer.learning_rate))

    def weights(self) -> list[np.ndarray]:
        """Give the weights that would be exported now: averaged, where the recipe averages."""
        return [value.copy() for value in self.average] or list(self.network.get_weights())

    def _update_average(self) -> None:
        """Move the average, normalisation statistics included, towards the weights: faster at first, to forget the start."""
        decay = min(self.recipe.average_decay, (1 + self.steps) / (10 + self.steps))
        for average, value in zip(self.average, self.network.get_weights(), strict=True):
            average += (1 - decay) * (value - average)

    def judge_logits(self, weights: Sequence[np.ndarray], images: np.ndarray) -> dict[str, np.ndarray]:
        """Run ``weights`` on images (n, 48, 48) uint8; gives each head's logits (n, 7) float32."""
        self.judge.set_weights(list(weights))
        parts = [
            self.judge.predict_on_batch(np.asarray(images[start : start + JUDGE_BATCH])[..., None])
            for start in range(0, len(images), JUDGE_BATCH)
        ]
        return {
            head: np.concatenate([np.asarray(part[OUTPUTS[head]], np.float32) for part in parts]) for head in self.recipe.heads
        }

    def snapshot(self) -> dict[str, list[np.ndarray]]:
        """Give what a checkpoint holds: variables of network (random states included) and optimiser, and the average."""
        return {
            "model": _values(self.network.variables),
            "optimizer": _values(self.optimizer.variables),
            "average": [value.copy() for value in self.average],
        }

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to a checkpoint."""
        pairs = ((self.network.variables, checkpoint.model), (self.optimizer.variables, checkpoint.optimizer))
        for variables, values in pairs:
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        self.average = list(checkpoint.average)
        self.steps = int(keras.ops.convert_to_numpy(self.optimizer.iterations))


def _values(variables: Sequence[Any]) -> list[np.ndarray]:
    return [np.array(keras.ops.convert_to_numpy(variable)) for variable in variables]


def _build_optimizer(recipe: Recipe, steps_per_epoch: int) -> keras.optimizers.Optimizer:
    rate = _build_schedule(recipe, steps_per_epoch)
    if recipe.optimizer == "adam":
        return keras.optimizers.Adam(rate, weight_decay=recipe.weight_decay or None)
    # Keras takes lr * decay off the weights; an L2 term in SGD also goes through the momentum.
    decay = recipe.weight_decay / (1 - recipe.momentum) or None
    return keras.optimizers.SGD(rate, momentum=recipe.momentum, nesterov=recipe.momentum > 0, weight_decay=decay)


def _build_schedule(recipe: Recipe, steps_per_epoch: int) -> Any:
    warmup = recipe.warmup_epochs * steps_per_epoch
    if recipe.schedule == "constant":
        return recipe.learning_rate
    return keras.optimizers.schedules.CosineDecay(
        0.0 if warmup else recipe.learning_rate,
        max(recipe.epochs * steps_per_epoch - warmup, 1),
        warmup_target=recipe.learning_rate if warmup else None,
        warmup_steps=warmup,
    )
