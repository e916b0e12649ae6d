import subprocess
import sys
from types import SimpleNamespace

import pytest

from benchmarks.bench_models import count_of_layer, list_shipped

KNOWN = """
import keras
from keras import layers
from benchmarks.bench_models import count_multiply_adds

print(count_multiply_adds(keras.Sequential([
    keras.Input((8, 8, 2)),
    layers.Conv2D(4, 3, strides=2, padding="same"),
    layers.BatchNormalization(),
    layers.DepthwiseConv2D(3, padding="valid"),
    layers.Conv2D(6, 1, groups=2),
    layers.Flatten(),
    layers.Dense(5),
])))
"""


def test_list_shipped_gives_the_models_of_the_checkout():
    assert {"compact", "seed"} <= {model.name for model in list_shipped()}


def test_count_multiply_adds_counts_a_known_network():
    done = subprocess.run([sys.executable, "-c", KNOWN], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    convolution, depthwise, grouped, dense = 16 * 9 * 2 * 4, 4 * 9 * 4, 4 * (4 * 6 // 2), 24 * 5
    assert int(done.stdout) == convolution + depthwise + grouped + dense


def test_count_of_layer_refuses_a_kernel_it_does_not_know():
    layer = SimpleNamespace(weights=[SimpleNamespace(shape=(3, 4))])
    with pytest.raises(ValueError, match="received SimpleNamespace"):
        count_of_layer(layer)
