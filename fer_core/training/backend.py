"""Keras's backend: TensorFlow, or JAX or PyTorch where ``KERAS_BACKEND`` says so (where only they see the GPU)."""

import os


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
