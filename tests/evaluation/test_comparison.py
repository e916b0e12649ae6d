"""Two models on the same rows, beside SciPy's binomial test."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from fer_core.evaluation import compare, evaluate, mcnemar, metrics
from tests.builders import make_dataset, make_model, make_split


@pytest.mark.parametrize(("first", "second"), [(0, 0), (1, 0), (5, 5), (30, 12), (400, 300), (3, 900)])
def test_mcnemar_is_the_exact_binomial_test_of_the_rows_that_differ(first, second):
    right = np.repeat([[True, False], [False, True], [True, True], [False, False]], (first, second, 7, 4), axis=0)
    expected = binomtest(first, first + second).pvalue if first + second else 1.0
    assert mcnemar(right[:, 0], right[:, 1])[:2] == (first, second)
    assert mcnemar(right[:, 0], right[:, 1])[2] == pytest.approx(expected, rel=1e-6, abs=1e-300)


def test_compare_finds_the_images_that_only_one_model_gets_right(tmp_path, classifier):
    split = make_split(n=40)
    first = evaluate(make_model(tmp_path / "a", name="a"), make_dataset(split), "test")
    named = first.predicted.copy()
    named[:5] = split.labels[:5]
    second = replace(first, predicted=named, confusion=metrics.confusion_matrix(split.labels, named))
    found = compare(second, first)
    gained = np.flatnonzero(first.predicted[:5] != split.labels[:5])
    assert sorted(found.only_first) == gained.tolist()
    assert np.diff(second.probabilities.max(axis=1)[found.only_first]).max() <= 0
    assert len(found.only_second) == 0
    assert found.p == pytest.approx(2 * 0.5 ** len(gained))
    assert found.gain.value == pytest.approx(len(gained) / 40)
    assert found.gain.low < found.gain.value < found.gain.high
    assert (found.cells.sum(), np.trace(found.cells)) == (0, len(gained))
    with pytest.raises(ValueError, match="the same rows"):
        compare(first, replace(first, rows=first.rows + 1))
