import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from fer_core.vision.assignment import assign


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_assign_pairs_nothing_with_nothing(shape: tuple[int, int]) -> None:
    assert assign(np.zeros(shape), 1.0) == []


@pytest.mark.parametrize(
    ("costs", "wanted"),
    [
        ([[0.1, 0.2], [0.2, 0.9]], [(0, 1), (1, 0)]),  # the cheapest pair alone would make the sum larger
        ([[0.1, 0.9], [0.2, 1.5]], [(0, 0)]),  # to leave one alone costs less than a pair beyond belief
        ([[np.inf, np.inf], [0.3, np.inf]], [(1, 0)]),
        ([[0.3], [0.2], [0.4]], [(1, 0)]),
        ([[0.3, 0.2, 0.4]], [(0, 1)]),
        ([[1.0]], []),
    ],
)
def test_assign_pairs_at_least_cost(costs: list[list[float]], wanted: list[tuple[int, int]]) -> None:
    assert assign(np.array(costs), 1.0) == wanted


def test_assign_finds_what_scipy_finds() -> None:
    random = np.random.default_rng(0)
    for _ in range(300):
        costs = random.random(random.integers(1, 12, 2))
        costs[random.random(costs.shape) < 0.3] = np.inf
        bounded = np.minimum(costs, 0.8)
        pairs = assign(costs, 0.8)
        total = sum(costs[pair] for pair in pairs) + 0.8 * (min(costs.shape) - len(pairs))
        assert total == pytest.approx(bounded[linear_sum_assignment(bounded)].sum())


def test_assign_leaves_the_costs_as_they_were() -> None:
    costs = np.array([[2.0, 0.5], [0.1, 3.0]])
    assign(costs, 1.0)
    np.testing.assert_array_equal(costs, [[2, 0.5], [0.1, 3]])
