"""From a Keras network to LiteRT."""

import tempfile
from typing import Literal

import keras

from fer_core.labels import IMAGE_SIZE
from fer_core.model import OUTPUTS

Bits = Literal[8, 16, 32]


def to_litert(network: keras.Model, *, batch: int | None = None, bits: Bits = 32) -> bytes:
    """Convert with signature ``serve``: image uint8 (n, 48, 48, 1) to each head's logits float32 (n, 7).

    Args:
        network: of one head or several.
        batch: n; any unless given.
        bits: of each weight; activations stay float32.
    """
    import tensorflow as tf

    archive = keras.export.ExportArchive()
    archive.track(network)
    archive.add_endpoint(
        "serve",
        lambda image: as_heads(network(image, training=False)),
        input_signature=[tf.TensorSpec([batch, IMAGE_SIZE, IMAGE_SIZE, 1], tf.uint8, name="image")],
    )
    with tempfile.TemporaryDirectory() as saved:
        archive.write_out(saved, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(saved, signature_keys=["serve"])
        converter.optimizations = [tf.lite.Optimize.DEFAULT] if bits < 32 else []
        converter.target_spec.supported_types = [tf.float16] if bits == 16 else []
        return bytes(converter.convert())


def as_heads(answers: object) -> dict[str, object]:
    """Give a network's outputs by name; models of earlier versions have a single one without."""
    return dict(answers) if isinstance(answers, dict) else {OUTPUTS["label"]: answers}
