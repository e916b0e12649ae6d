"""networks.py's networks in PyTorch, initialised as Keras does it, and their weights from and to Keras."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import torch
from torch import Tensor, nn

from fer_core.labels import EMOTIONS

KERAS_EPSILON = 1e-3
KERAS_MOMENTUM = 0.99


class Network(nn.Module):
    """A body, then one dense layer for each head: images (b, 1, 48, 48) in 0..255 to a list of logits (b, 7).

    Args:
        body: from (b, 1, 48, 48) float32 in -1..1 to features (b, width).
        width: of the features.
        heads: how many; in the order of a batch's targets.
        dropout: before the heads.
    """

    def __init__(self, body: nn.Module, width: int, *, heads: int, dropout: float) -> None:
        super().__init__()
        self.body, self.dropout = body, nn.Dropout(dropout)
        self.heads = nn.ModuleList(nn.Linear(width, len(EMOTIONS)) for _ in range(heads))
        for head in self.heads:
            nn.init.xavier_uniform_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Give each head's logits."""
        features = self.dropout(self.body(images.float() / 127.5 - 1))
        return [head(features) for head in self.heads]


def convolve(inputs: int, filters: int, *, padding: int = 1) -> nn.Sequential:
    """3 x 3 convolution, batch normalisation as Keras sets it, ReLU."""
    convolution = nn.Conv2d(inputs, filters, 3, padding=padding, bias=False)
    nn.init.kaiming_normal_(convolution.weight)
    normalisation = nn.BatchNorm2d(filters, eps=KERAS_EPSILON, momentum=1 - KERAS_MOMENTUM)
    return nn.Sequential(convolution, normalisation, nn.ReLU(inplace=True))


class Residual(nn.Module):
    """Adds what two convolutions make of it to its input."""

    def __init__(self, filters: int) -> None:
        super().__init__()
        self.first, self.second = convolve(filters, filters), convolve(filters, filters)[:2]

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape (b, filters, h, w)."""
        return nn.functional.relu(x + self.second(self.first(x)))


def build_studio(wide: float = 1.0) -> tuple[nn.Module, int]:
    """Mirror networks.py's studio; ``wide`` times as wide."""
    a, b, c, d, e = (round(filters * wide) for filters in (32, 64, 112, 224, 256))
    stages: list[nn.Module] = [convolve(1, a)]
    for inputs, filters, last in ((a, b, convolve(b, b)), (b, c, Residual(c)), (c, d, Residual(d))):
        stages += [nn.MaxPool2d(2), convolve(inputs, filters), last]
    return nn.Sequential(*stages, nn.MaxPool2d(2), convolve(d, e, padding=0), nn.Flatten()), e


def build_vgg() -> tuple[nn.Module, int]:
    """Mirror networks.py's vgg."""
    widths = (32, 64, 128, 256)
    stages: list[nn.Module] = []
    for inputs, filters in zip((1, *widths), widths, strict=False):
        stages += [nn.MaxPool2d(2)] if stages else []
        stages += [convolve(inputs, filters), convolve(filters, filters)]
    return nn.Sequential(*stages, nn.AdaptiveAvgPool2d(1), nn.Flatten()), widths[-1]


BODIES: dict[str, Callable[[], tuple[nn.Module, int]]] = {"vgg": build_vgg, "studio": build_studio}
"""Builders by the name of the network in the recipe: the body, and how many features it gives."""


def to_keras(network: Network) -> list[np.ndarray]:
    """Give the weights in Keras's order and shapes, float32."""
    return [value.permute(order).float().contiguous().cpu().numpy() for value, order in _in_keras_order(network)]


def from_keras(network: Network, weights: Iterable[np.ndarray]) -> None:
    """Set the weights that ``to_keras`` gave."""
    for (target, order), value in zip(_in_keras_order(network), weights, strict=True):
        target.permute(order).copy_(torch.from_numpy(np.asarray(value, np.float32)))


def _in_keras_order(network: Network) -> Iterator[tuple[Tensor, tuple[int, ...]]]:
    """Give each tensor, and its axes as Keras has them; Keras sorts heads by name, and so has the crowd's first."""
    for module in network.body.modules():
        if isinstance(module, nn.Conv2d):
            yield module.weight.detach(), (2, 3, 1, 0)
        elif isinstance(module, nn.BatchNorm2d):
            values = (module.weight, module.bias, module.running_mean, module.running_var)
            yield from ((value.detach(), (0,)) for value in values)
    for head in reversed(network.heads):
        yield from ((head.weight.detach(), (1, 0)), (head.bias.detach(), (0,)))
