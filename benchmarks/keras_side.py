"""One measurement of our training step, as `fer-studio train` takes it: `python -m benchmarks.keras_side RECIPE SECONDS`."""

import sys
from collections.abc import Callable

import tensorflow as tf

from benchmarks.side import THREADS, print_measurement
from fer_core.runs import Recipe
from fer_core.training.backend import prepare_backend
from fer_core.training.engine import Learner
from fer_core.training.pace import EPOCH_STEPS


def build_step(recipe: Recipe) -> tuple[Callable[..., object], int]:
    """Give the function that takes one step, and the network's trainable parameters."""
    prepare_backend(recipe.seed, deterministic=False)
    learner = Learner(recipe, EPOCH_STEPS)
    return learner.learn, sum(value.shape.num_elements() for value in learner.network.trainable_variables)


def main() -> None:
    """Measure on all cores, and print JSON."""
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(THREADS)
    name, seconds = sys.argv[1:]
    print_measurement(name, float(seconds), build_step)


if __name__ == "__main__":
    main()
