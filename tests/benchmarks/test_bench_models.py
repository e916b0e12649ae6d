from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.bench_models import count_multiply_adds, count_of_layer, list_shipped


def make_layer(kind: str, output: tuple[int | None, ...], *weights: tuple[int, ...]) -> Any:
    """What the count reads of a Keras layer: its class's name, its weights' shapes and its output's."""
    layer = type(kind, (), {})()
    layer.weights = [SimpleNamespace(shape=shape) for shape in weights]
    layer.output = SimpleNamespace(shape=output)
    return layer


def test_list_shipped_gives_the_models_of_the_checkout():
    assert {"compact", "seed"} <= {model.name for model in list_shipped()}


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (make_layer("Conv2D", (None, 4, 4, 4), (3, 3, 2, 4), (4,)), 16 * 9 * 2 * 4),
        (make_layer("Conv2D", (None, 2, 2, 6), (1, 1, 2, 6)), 4 * 2 * 6),
        (make_layer("DepthwiseConv2D", (None, 2, 2, 4), (3, 3, 4, 1), (4,)), 4 * 9 * 4),
        (make_layer("SeparableConv2D", (None, 2, 2, 6), (3, 3, 4, 1), (1, 1, 4, 6)), 4 * (9 * 4 + 4 * 6)),
        (make_layer("Dense", (None, 5), (24, 5), (5,)), 24 * 5),
        (make_layer("BatchNormalization", (None, 4, 4, 4), (4,), (4,), (4,), (4,)), 0),
        (make_layer("Flatten", (None, 64)), 0),
    ],
)
def test_count_of_layer_uses_each_kernel_number_once_a_place(layer, expected):
    assert count_of_layer(layer) == expected


def test_count_multiply_adds_counts_the_report_s_network():
    convolutions = [
        make_layer("Conv2D", (None, 46, 46, 16), (3, 3, 1, 16), (16,)),
        make_layer("Conv2D", (None, 21, 21, 32), (3, 3, 16, 32), (32,)),
        make_layer("Conv2D", (None, 8, 8, 64), (3, 3, 32, 64), (64,)),
    ]
    dense = [make_layer("Dense", (None, 512), (1024, 512), (512,)), make_layer("Dense", (None, 7), (512, 7), (7,))]
    assert count_multiply_adds(SimpleNamespace(layers=convolutions + dense)) == 4_044_352


def test_count_of_layer_refuses_a_kernel_it_does_not_know():
    with pytest.raises(ValueError, match="received EinsumDense"):
        count_of_layer(make_layer("EinsumDense", (None, 4), (3, 4)))
