"""From a network's outputs to probabilities."""

import numpy as np


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Turn each row of logits into probabilities: exp(z / t) / sum(exp(z / t)).

    Args:
        logits: (..., k) floating; any finite size, as the row's maximum is taken off first.
        temperature: above 0; above 1 makes the rows less sure (Guo et al. 2017, "On calibration of modern neural networks").

    Returns:
        (..., k) of the logits' dtype (float64 for integers), each row within 0..1 and summing to 1.

    Raises:
        ValueError: the temperature is not above 0.
    """
    if not temperature > 0:
        raise ValueError(f"expected a temperature above 0, received {temperature}")
    values = np.asarray(logits)
    if not np.issubdtype(values.dtype, np.floating):
        values = values.astype(np.float64)
    scaled = values / values.dtype.type(temperature)
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    result: np.ndarray = powers / powers.sum(axis=-1, keepdims=True)
    return result
