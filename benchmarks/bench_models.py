"""What each shipped model costs: `python -m benchmarks.bench_models [--runs 300]`.

Multiply-adds are those of one face in convolutions and dense layers, counted from model.keras: each number of such a layer's
kernel is used once at each place of its output. Biases, normalisation (folded into the kernels in model.tflite), activations
and pooling are not counted. Milliseconds a face are of Classifier (LiteRT) on one thread, a batch's time over its size.
"""

import argparse
from typing import Any

import numpy as np

from benchmarks.bench_pipeline import measure
from fer_core.labels import IMAGE_SIZE
from fer_core.model import Classifier, Model, load_model, shipped_dir

BATCH_SIZES = (1, 8)
COUNTED = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense")


def list_shipped() -> list[Model]:
    """Load the shipped models, whatever was promoted."""
    return [load_model(path.parent) for path in sorted(shipped_dir().glob("*/model.json"))]


def measure_faces(model: Model, batch_size: int, runs: int) -> tuple[float, float]:
    """Milliseconds a face on one thread: median and 95th percentile over batches of random images."""
    classifier = Classifier(model, threads=1)
    images = np.random.default_rng(0).integers(256, size=(batch_size, IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)
    median, high = measure(lambda: classifier.predict_logits(images), runs)
    return median / batch_size, high / batch_size


def count_multiply_adds(network: Any) -> int:
    """Count a Keras model's multiply-adds for one image."""
    return sum(count_of_layer(layer) for layer in network.layers)


def count_of_layer(layer: Any) -> int:
    """Count those of one built Keras layer: its kernels' sizes times the places of its output, channels last.

    Raises:
        ValueError: it has a kernel and is neither a convolution nor dense, so that this count may be wrong.
    """
    kernels = [int(np.prod(weight.shape)) for weight in layer.weights if len(weight.shape) > 1]
    if not kernels:
        return 0
    if type(layer).__name__ not in COUNTED:
        raise ValueError(f"expected a layer of {', '.join(COUNTED)}, received {type(layer).__name__}. Say how it counts.")
    return sum(kernels) * int(np.prod(layer.output.shape[1:-1]))


def load_network(model: Model) -> Any:
    """Load a model's Keras network."""
    import keras

    return keras.models.load_model(model.path / "model.keras", compile=False)


def main() -> None:
    """Print one line a model; times first, since Keras and its threads come with the count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=300)
    runs = parser.parse_args().runs
    models = list_shipped()
    times = [[measure_faces(model, batch_size, runs) for batch_size in BATCH_SIZES] for model in models]
    heads = "".join(f"   ms a face, batch {batch_size} (p95)" for batch_size in BATCH_SIZES)
    print(f"{'model':10} {'parameters':>10} {'multiply-adds':>13} {'tflite, MB':>10}{heads}")
    for model, taken in zip(models, times, strict=True):
        count = count_multiply_adds(load_network(model))
        size = model.tflite_path.stat().st_size / 1e6
        figures = "".join(f"   {f'{median:.2f} ({high:.2f})':>25}" for median, high in taken)
        print(f"{model.name:10} {model.info.parameters:10,} {count / 1e6:11.1f} M {size:10.2f}{figures}")


if __name__ == "__main__":
    main()
