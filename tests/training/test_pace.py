import numpy as np

from fer_core.runs import RECIPES, with_settings
from fer_core.training.pace import WARM_STEPS, measure_pace, measure_pipeline

SMALL = with_settings(RECIPES["compact"], {"batch_size": 4})


def test_measure_pace_takes_the_warm_steps_and_at_least_one_that_counts():
    seen = []
    pace = measure_pace(lambda batch: seen.append((batch.images.shape, batch.targets["logits"].shape)), SMALL, seconds=0)
    assert seen == [((4, 48, 48, 1), (4, 7))] * (WARM_STEPS + 1)
    assert pace.images_per_s > 0
    assert 0 < pace.waiting_share <= 1


def test_measure_pace_gives_the_batches_of_a_training():
    first, again = [], []
    for seen in (first, again):
        measure_pace(lambda batch, seen=seen: seen.append(batch.images), SMALL, seconds=0)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], first[1])


def test_measure_pipeline_needs_no_step():
    assert measure_pipeline(SMALL, seconds=0) > 0
