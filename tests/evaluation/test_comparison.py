"""Two models on the same rows, beside SciPy's binomial test."""

import numpy as np
import pytest
from scipy.stats import binomtest

from fer_core.evaluation import mcnemar


@pytest.mark.parametrize(("first", "second"), [(0, 0), (1, 0), (5, 5), (30, 12), (400, 300), (3, 900)])
def test_mcnemar_is_the_exact_binomial_test_of_the_rows_that_differ(first, second):
    right = np.repeat([[True, False], [False, True], [True, True], [False, False]], (first, second, 7, 4), axis=0)
    expected = binomtest(first, first + second).pvalue if first + second else 1.0
    assert mcnemar(right[:, 0], right[:, 1])[:2] == (first, second)
    assert mcnemar(right[:, 0], right[:, 1])[2] == pytest.approx(expected, rel=1e-6, abs=1e-300)
