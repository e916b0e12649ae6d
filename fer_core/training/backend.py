"""Keras's backend: TensorFlow, or JAX or PyTorch where ``KERAS_BACKEND`` says so (where only they see the GPU)."""

import importlib
import os
import sys

_UNUSED = ("matplotlib", "sklearn")
"""What Keras imports where it is there, for charts and wrappers that nobody here uses: 2 of 8 s of processor time."""


def load_keras() -> None:
    """Import Keras without what it can do without; for a process's only thread."""
    missing = [name for name in _UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(missing))  # type: ignore[arg-type]  # None: as if it were not installed
    try:
        importlib.import_module("keras")
    finally:
        for name in missing:
            del sys.modules[name]


def prepare_backend(seed: int, *, deterministic: bool) -> tuple[str, str]:
    """Seed everything, and make the backend repeatable where asked.

    Returns:
        The backend's name, and what it computes on: ``cpu``, or the GPU's name.
    """
    import keras

    backend = str(keras.backend.backend())
    keras.utils.set_random_seed(seed)
    if backend == "tensorflow":
        return backend, _prepare_tensorflow(deterministic)
    if backend == "jax":
        import jax

        return backend, str(jax.devices()[0].device_kind)
    import torch

    torch.use_deterministic_algorithms(deterministic)
    return backend, str(torch.cuda.get_device_name()) if torch.cuda.is_available() else "cpu"


def _prepare_tensorflow(deterministic: bool) -> str:
    import tensorflow as tf

    if deterministic:
        tf.config.experimental.enable_op_determinism()
    devices = tf.config.list_physical_devices("GPU")
    return str(tf.config.experimental.get_device_details(devices[0]).get("device_name", "gpu")) if devices else "cpu"


def environment_for_export() -> dict[str, str]:
    """Give the environment of a process that exports: Keras on TensorFlow, whatever trained."""
    return {**os.environ, "KERAS_BACKEND": "tensorflow"}
