"""The convolution of training against Keras's own, in a process of its own: this one shall not load TensorFlow."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import json, sys
import numpy as np, tensorflow as tf
from keras import layers
from fer_core.training.convolution import FastConvolution
size, padding = int(sys.argv[1]), sys.argv[2]
rng = np.random.default_rng(0)
image = tf.constant(rng.normal(size=(3, 9, 11, 4)), tf.float32)
answers = []
for kind in (layers.Conv2D, FastConvolution):
    layer = kind(5, size, padding=padding)
    layer.build(image.shape)
    layer.set_weights([np.random.default_rng(1).normal(size=value.shape) for value in layer.get_weights()])
    @tf.function
    def learn(image):
        with tf.GradientTape() as tape:
            tape.watch(image)
            output = layer(image)
            loss = tf.reduce_sum(output**3)
        return output, tape.gradient(loss, [image, *[value.value for value in layer.trainable_variables]])
    output, slopes = learn(image)
    ops = {op.type for op in learn.get_concrete_function(image).graph.get_operations()}
    answers.append(([np.asarray(value) for value in (output, *slopes)], "Conv2DBackpropInput" in ops))
(plain, _), (fast, slow_way) = answers
worst = max(float(np.abs(a - b).max() / np.abs(a).max()) for a, b in zip(plain, fast, strict=True))
print(json.dumps({"compared": len(fast), "worst": worst, "slow_way": slow_way}))
"""


@pytest.mark.parametrize(("size", "padding", "slow_way"), [(3, "same", False), (5, "same", False), (3, "valid", True)])
def test_fast_convolution_and_its_gradients_equal_keras(size, padding, slow_way):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(size), padding], capture_output=True, text=True, timeout=120, check=True
    )
    answered = json.loads(done.stdout.splitlines()[-1])
    assert (answered["compared"], answered["slow_way"]) == (4, slow_way)
    assert answered["worst"] < 1e-5
