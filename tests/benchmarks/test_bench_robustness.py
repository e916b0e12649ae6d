from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.bench_robustness import bench_head, judge_change, measure_losses
from tests.builders import logits_for, make_split


def fake_classifier(predict):
    return SimpleNamespace(
        model=SimpleNamespace(name="tiny"), predict_logits=lambda images, head: logits_for(predict(images, head))
    )


def test_measure_losses_gives_each_change_and_their_mean():
    plain = np.array([1.0] * 80 + [0.0] * 20)
    none, all_lost, gained = plain, np.zeros(100), np.ones(100)
    losses = measure_losses(plain, np.stack([none, all_lost, gained]))
    assert [loss.points for loss in losses] == pytest.approx([0, 80, -20, 20])
    assert (losses[0].low, losses[0].high) == (0, 0)
    assert losses[1].low == pytest.approx(72, abs=2)
    assert losses[1].high == pytest.approx(88, abs=2)


def test_measure_losses_pairs_rows_so_that_trading_places_widens_the_interval():
    plain = np.array([1.0, 0.0] * 50)
    kept, traded = measure_losses(plain, np.stack([plain, 1 - plain]))[:2]
    assert kept.points == traded.points == 0
    assert kept.high - kept.low == 0
    assert traded.high - traded.low > 30


def test_judge_change_averages_variants_and_asks_the_head():
    split = make_split(labels=[1, 1, 2])
    heads = []
    classifier = fake_classifier(lambda images, head: heads.append(head) or images[:, 0, 0] % 7)
    variants = [lambda images: np.full_like(images, 1), lambda images: np.full_like(images, 2)]
    assert judge_change(classifier, split, "crowd", variants).tolist() == [0.5, 0.5, 0.5]
    assert heads == ["crowd", "crowd"]


def test_bench_head_judges_both_goals(capsys):
    split = make_split(labels=[3] * 8, name="validation")
    seen = []

    def predict(images, head):
        seen.append(len(images))
        return np.full(len(images), 3 if len(seen) < 12 else 0)

    bench_head(fake_classifier(predict), split, "label")
    lines = capsys.readouterr().out.splitlines()
    assert len(seen) == 12
    assert lines[0] == "tiny, label head, validation, n 8"
    assert "100.00%" in lines[2]
    assert "12.50" in lines[-2]
    assert lines[-2].endswith("goal at most 2: missed")
    assert "100.00" in lines[-1]
    assert lines[-1].endswith("goal at most 4: missed")
