import numpy as np
import pytest

from fer_core.model import softmax


def test_softmax_gives_rows_that_sum_to_one_whatever_the_size_of_the_logits() -> None:
    rows = softmax(np.array([[0, 0], [1000, 0], [-1000, 1000], [0, np.log(3)]], np.float32))
    np.testing.assert_allclose(rows, [[0.5, 0.5], [1, 0], [0, 1], [0.25, 0.75]], atol=1e-6)
    assert rows.dtype == np.float32


def test_softmax_of_no_rows_has_no_rows() -> None:
    assert softmax(np.empty((0, 7), np.float32)).shape == (0, 7)


def test_softmax_is_less_sure_when_warm() -> None:
    np.testing.assert_allclose(softmax(np.array([0, 2 * np.log(3)]), 2.0), [0.25, 0.75])
    np.testing.assert_allclose(softmax(np.array([0, 1])).sum(), 1)


@pytest.mark.parametrize("temperature", [0, -1, float("nan")])
def test_softmax_refuses_a_temperature_that_is_not_above_zero(temperature: float) -> None:
    with pytest.raises(ValueError, match="temperature above 0"):
        softmax(np.zeros((1, 7)), temperature)
