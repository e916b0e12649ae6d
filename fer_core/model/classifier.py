"""Runs a model's network with LiteRT."""

import threading
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.errors import ModelError
from fer_core.labels import EMOTIONS, IMAGE_SIZE
from fer_core.model.info import REMEDY, Model
from fer_core.model.probabilities import softmax

BATCH_SIZE = 64
OUTPUTS = {"label": "logits", "crowd": "crowd_logits"}
"""Name of each head's output in the signature ``serve``."""


class Classifier:
    """One LiteRT interpreter of a model. Make one for each worker thread; shared, its callers wait for each other."""

    def __init__(self, model: Model, *, threads: int = 1, small: bool = False) -> None:
        """Load the network and see that it answers.

        Args:
            model: from ``load_model``.
            threads: how many threads one batch may use.
            small: run the network that browsers run, where the model has it: its weights in eight bits, one image at a time.

        Raises:
            ModelError: the network cannot be loaded, has no signature ``serve`` as expected, or gives no finite numbers.
        """
        self.model = model
        self.threshold = model.info.threshold
        self._lock = threading.Lock()
        small = small and model.browser_path.is_file()
        self._path, self._batch_size = (model.browser_path, 1) if small else (model.tflite_path, BATCH_SIZE)
        self._runner = _load_runner(model, self._path, threads)
        self._check_answer()

    def predict_logits(self, images: np.ndarray, head: str = "label") -> np.ndarray:
        """Run the network.

        Args:
            images: (n, 48, 48) uint8; n may be 0.
            head: "label", or "crowd" where the model has it.

        Returns:
            (n, 7) float32, emotions in FER2013's order.

        Raises:
            ValueError: the images' shape or dtype is another.
            ModelError: the model has no such head.
        """
        if head not in self.model.info.heads:
            raise ModelError(
                f"{self.model.name}: expected a head of {self.model.info.heads}, received {head!r}. Ask for another."
            )
        return self.predict_heads(images)[head]

    def predict_heads(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Run the network once for all its heads.

        Args:
            images: (n, 48, 48) uint8; n may be 0.

        Returns:
            (n, 7) float32 by head, emotions in FER2013's order.

        Raises:
            ValueError: the images' shape or dtype is another.
        """
        images = np.asarray(images)
        if images.ndim != 3 or images.shape[1:] != (IMAGE_SIZE, IMAGE_SIZE) or images.dtype != np.uint8:
            raise ValueError(f"expected (n, {IMAGE_SIZE}, {IMAGE_SIZE}) uint8, received {images.shape} {images.dtype}")
        logits: dict[str, np.ndarray] = {
            head: np.empty((len(images), len(EMOTIONS)), np.float32) for head in self.model.info.heads
        }
        for start in range(0, len(images), self._batch_size):
            outputs = self._run(images[start : start + self._batch_size])
            for head, values in logits.items():
                values[start : start + self._batch_size] = outputs[OUTPUTS[head]]
        return logits

    def predict_probabilities(self, images: np.ndarray) -> np.ndarray:
        """Give the live head's probabilities: softmax(logits / temperature).

        Args:
            images: (n, 48, 48) uint8; n may be 0.

        Returns:
            (n, 7) float32, rows summing to 1.
        """
        info = self.model.info
        return softmax(self.predict_logits(images, info.live_head), info.temperature[info.live_head])

    def _run(self, images: np.ndarray) -> dict[str, np.ndarray]:
        with self._lock:
            outputs: dict[str, np.ndarray] = self._runner(image=np.ascontiguousarray(images)[..., None])
        return outputs

    def _check_answer(self) -> None:
        path, n = self._path, min(self._batch_size, 2)
        probe = np.arange(n * IMAGE_SIZE * IMAGE_SIZE, dtype=np.uint8).reshape(n, IMAGE_SIZE, IMAGE_SIZE)
        try:
            outputs = self._run(probe)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{path}: expected a batch of any size to run, received: {error}. {REMEDY}") from None
        for head in self.model.info.heads:
            values = outputs[OUTPUTS[head]]
            if values.shape != (n, len(EMOTIONS)) or not np.isfinite(values).all():
                raise ModelError(
                    f"{path}: expected ({n}, 7) finite logits, received {values.shape} {values.ravel()[:3]}. {REMEDY}"
                )


def _load_runner(model: Model, path: Path, threads: int) -> Any:
    from ai_edge_litert.interpreter import Interpreter

    try:
        # Given as bytes the file is verified first; given by path a damaged one could crash the process.
        interpreter = Interpreter(model_content=path.read_bytes(), num_threads=threads)
        signatures = interpreter.get_signature_list()
        if "serve" not in signatures:
            raise ModelError(f"{path}: expected a signature serve, received {sorted(signatures)}. {REMEDY}")
        runner = interpreter.get_signature_runner("serve")
        inputs, outputs = runner.get_input_details(), runner.get_output_details()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}). {REMEDY}") from None
    except (ValueError, RuntimeError) as error:
        raise ModelError(f"{path}: expected a network, received a damaged file ({error}). {REMEDY}") from None
    _check_signature(model, path, inputs, outputs)
    return runner


def _check_signature(model: Model, path: Path, inputs: dict[str, Any], outputs: dict[str, Any]) -> None:
    given = {name: (list(item["shape"][1:]), item["dtype"]) for name, item in inputs.items()}
    if given != {"image": ([IMAGE_SIZE, IMAGE_SIZE, 1], np.uint8)}:
        raise ModelError(f"{path}: expected input image uint8 (n, 48, 48, 1), received {given}. {REMEDY}")
    missing = [OUTPUTS[head] for head in model.info.heads if OUTPUTS[head] not in outputs]
    if missing:
        raise ModelError(f"{path}: expected outputs {missing}, received {sorted(outputs)}. {REMEDY}")
