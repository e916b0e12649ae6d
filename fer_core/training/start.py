"""Where a network's weights come from before its first step, if not from chance: from other models."""

from collections.abc import Sequence

import keras
import numpy as np

from fer_core.errors import RunError
from fer_core.model import OUTPUTS, Model


def start_from(network: keras.Model, models: Sequence[Model]) -> tuple[int, int]:
    """Give a network the mean of models' weights: layer by layer from the image on as far as shapes agree, then its heads.

    Args:
        network: whose weights are set.
        models: one or more.

    Returns:
        How many layers with weights have them from the models, and how many there are.

    Raises:
        RunError: a model.keras is missing, or agrees in no layer, or not in as many as the others.
    """
    counts, weights = [], []
    for model in models:
        counts.append(_copy_weights(network, model))
        weights.append(network.get_weights())
        if counts[-1] != counts[0]:
            raise RunError(
                f"{model.name}: expected {counts[0][0]} layers like {models[0].name}'s, received {counts[-1][0]}. "
                "Start from models of one network."
            )
    network.set_weights([np.mean(values, axis=0) for values in zip(*weights, strict=True)])
    return counts[0]


def _copy_weights(network: keras.Model, model: Model) -> tuple[int, int]:
    path = model.path / "model.keras"
    if not path.is_file():
        raise RunError(f"{model.name}: expected model.keras to start from, found model.tflite alone. Copy its folder anew.")
    body, heads = _with_weights(network)
    their_body, their_heads = _with_weights(keras.models.load_model(path, compile=False))
    agreed = 0
    for ours, theirs in zip(body, their_body, strict=False):
        if _shapes(ours) != _shapes(theirs):
            break
        ours.set_weights(theirs.get_weights())
        agreed += 1
    if not agreed:
        raise RunError(
            f"{model.name}: expected a network that begins like {network.name}, received {model.info.network}. "
            "Start from a model of the same network."
        )
    if agreed == len(body) == len(their_body):
        for name in heads.keys() & their_heads.keys():
            heads[name].set_weights(their_heads[name].get_weights())
            agreed += 1
    return agreed, len(body) + len(heads)


def _with_weights(network: keras.Model) -> tuple[list[keras.layers.Layer], dict[str, keras.layers.Layer]]:
    """Give the layers that have weights, in order, and the heads by name."""
    layers = [layer for layer in network.layers if layer.get_weights()]
    heads = {layer.name: layer for layer in layers if layer.name in OUTPUTS.values()}
    return [layer for layer in layers if layer.name not in heads], heads


def _shapes(layer: keras.layers.Layer) -> list[tuple[int, ...]]:
    return [value.shape for value in layer.get_weights()]
