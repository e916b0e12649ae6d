"""A model's network for live video, in browsers and on the server: one face at a time, in eight bits where that costs little.

Eight bits are a quarter of the download, and twice as fast in WebAssembly. What they cost the shipped models is measured by
`python -m benchmarks.bench_browser_models`.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np

from fer_core.dataset import SAMPLE, load_dataset
from fer_core.errors import ModelError
from fer_core.model import BROWSER_FILE, OUTPUTS, Model
from fer_core.training.litert import Bits, as_heads, to_litert

MOST_LOSS = 0.002
"""Share of images: so much accuracy may be lost, by each head; else the weights get more bits."""


def write_browser_file(network: keras.Model, path: Path, images: np.ndarray, truths: Mapping[str, np.ndarray]) -> Bits:
    """Write the network for browsers, its weights in as few bits as lose no more than 0.2 points of accuracy.

    Args:
        network: the model's.
        path: of the file, replaced at once.
        images: (n, 48, 48) uint8 to measure that on.
        truths: for each head (n,) labels, -1 for images that do not count.

    Returns:
        The bits of each weight.
    """
    whole = _accuracies(as_heads(network.predict(images[..., None], batch_size=64, verbose=0)), truths)
    bits: Bits = 32
    for bits in (8, 16, 32):
        content = to_litert(network, batch=1, bits=bits)
        small = _accuracies(run_one_by_one(content, images), truths)
        if all(whole[head] - small[head] <= MOST_LOSS for head in truths):
            break
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)
    return bits


def add_browser_file(model: Model) -> Path:
    """Make the network for browsers of a model that has none, from its model.keras, judged by the drawn sample.

    Raises:
        ModelError: model.keras is missing or cannot be read.
    """
    source = model.path / "model.keras"
    try:
        network = keras.models.load_model(source, compile=False)
    except (OSError, ValueError) as error:
        raise ModelError(f"{source}: expected the model's weights, received none that can be read ({error}).") from None
    images = load_dataset(SAMPLE).split("validation").images
    answers = as_heads(network.predict(images[..., None], batch_size=64, verbose=0))
    truths = {str(head): np.asarray(answers[OUTPUTS[head]]).argmax(axis=1) for head in model.info.heads}
    path = model.path / BROWSER_FILE
    write_browser_file(network, path, images, truths)
    return path


def run_one_by_one(content: bytes, images: np.ndarray) -> dict[str, np.ndarray]:
    """Run a network for browsers: logits (n, 7) float32 by output for (n, 48, 48) uint8, n at least 1."""
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(model_content=content, num_threads=1).get_signature_runner("serve")
    answers = [runner(image=image[None, ..., None]) for image in images]
    return {name: np.concatenate([answer[name] for answer in answers]) for name in answers[0]}


def _accuracies(answers: Mapping[str, object], truths: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Give each head's accuracy over the images that count; 0 where none does."""
    accuracies = {}
    for head, truth in truths.items():
        right = np.asarray(answers[OUTPUTS[head]]).argmax(axis=1) == truth
        accuracies[head] = float(right[truth >= 0].mean()) if (truth >= 0).any() else 0.0
    return accuracies
