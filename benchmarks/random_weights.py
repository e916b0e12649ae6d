"""A model whose weights are shuffled knows nothing: the sanity check of Adebayo et al. 2018, arXiv:1810.03292."""

import shutil
from pathlib import Path

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from fer_core.model import Model, load_model

_FEWEST = 64
"""Smaller arrays are sizes and constants, not weights."""


def shuffle_weights(model: Model, folder: Path, *, seed: int = 0) -> Model:
    """Copy a model with the values of each of its weight arrays in random order.

    Args:
        model: stays as it is.
        folder: of the copy; not there yet.
        seed: of the order.
    """
    content = model.tflite_path.read_bytes()
    network = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(content, 0))
    random = np.random.default_rng(seed)
    for graph in network.subgraphs:
        for tensor in graph.tensors:
            buffer = network.buffers[tensor.buffer]
            if tensor.type == schema.TensorType.FLOAT32 and buffer.data is not None and len(buffer.data) >= 4 * _FEWEST:
                values = np.frombuffer(bytes(buffer.data), np.float32)
                buffer.data = np.frombuffer(random.permutation(values).tobytes(), np.uint8)
    builder = flatbuffers.Builder(len(content))
    builder.Finish(network.Pack(builder), b"TFL3")
    shutil.copytree(model.path, folder)
    (folder / model.tflite_path.name).write_bytes(bytes(builder.Output()))
    return load_model(str(folder))
