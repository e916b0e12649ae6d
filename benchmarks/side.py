"""What both sides of bench_training share: one measurement of a training step, printed as one line of JSON."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass

from fer_core.runs import Recipe, find_recipe
from fer_core.training.pace import measure_pace, measure_pipeline

THREADS = os.cpu_count() or 1
PIPELINE_S = 2.0


@dataclass(frozen=True)
class Measured:
    """One measurement.

    Attributes:
        images_per_s: trained, augmentation included.
        waiting_share: of the time, in which the step waited for its batch; 0 to 1.
        pipeline_images_per_s: batches alone, in their one thread.
        parameters: trainable ones of the network.
    """

    images_per_s: float
    waiting_share: float
    pipeline_images_per_s: float
    parameters: int


def print_measurement(name: str, seconds: float, build: Callable[[Recipe], tuple[Callable[..., object], int]]) -> None:
    """Measure the input pipeline, then a training step.

    Args:
        name: of the recipe.
        seconds: how long the step is measured.
        build: gives the function that takes one step, and the network's trainable parameters.
    """
    recipe = find_recipe(name)
    pipeline = measure_pipeline(recipe, seconds=PIPELINE_S)
    learn, parameters = build(recipe)
    pace = measure_pace(learn, recipe, seconds=seconds)
    print(json.dumps(asdict(Measured(pace.images_per_s, pace.waiting_share, pipeline, parameters))))
