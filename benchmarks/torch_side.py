"""One measurement of PyTorch's training step of a recipe: `python -m benchmarks.torch_side RECIPE SECONDS TYPE`.

TYPE is float32 or bfloat16 (autocast). It runs in .venv-torch, which has no TensorFlow; recipe, batches and augmentation are
fer_core's own. A network is added by writing its body and naming it in ``BODIES``, and its recipe in
bench_training's ``COMPARED``.
"""

import math
import sys
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from benchmarks.side import THREADS, print_measurement
from fer_core.labels import EMOTIONS
from fer_core.model import OUTPUTS
from fer_core.runs import Recipe
from fer_core.training.batches import Batch
from fer_core.training.pace import EPOCH_STEPS

KERAS_EPSILON = 1e-3
KERAS_MOMENTUM = 0.99


class Network(nn.Module):
    """A body, then one dense layer for each head: images (b, 1, 48, 48) uint8 to a list of logits (b, 7).

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

    def forward(self, images: Tensor) -> list[Tensor]:
        """Give each head's logits."""
        features = self.dropout(self.body(images.float() / 127.5 - 1))
        return [head(features) for head in self.heads]


class TorchLearner:
    """What fer_core's Learner is, in PyTorch: the same loss, optimiser, schedule, averaged weights and returned figures."""

    def __init__(self, recipe: Recipe, kind: torch.dtype) -> None:
        if (recipe.optimizer, recipe.schedule) != ("sgd", "cosine"):
            raise ValueError(f"expected sgd and cosine, received {recipe.optimizer} and {recipe.schedule}")
        self.recipe, self.kind = recipe, kind
        body, width = BODIES[recipe.network]()
        network = Network(body, width, heads=len(recipe.heads), dropout=recipe.dropout)
        self.network = network.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.SGD(
            self.network.parameters(),
            recipe.learning_rate,
            momentum=recipe.momentum,
            nesterov=True,
            weight_decay=recipe.weight_decay,
            fused=True,
        )
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self._share_of_rate)
        average = get_ema_multi_avg_fn(recipe.average_decay)
        self.average = AveragedModel(self.network, multi_avg_fn=average, use_buffers=True)

    def learn(self, batch: Batch) -> tuple[float, float]:
        """Take one step; gives loss and accuracy of the label head."""
        wanted = [torch.from_numpy(batch.targets[OUTPUTS[head]]) for head in self.recipe.heads]
        weights = [torch.from_numpy(batch.weights[OUTPUTS[head]]) for head in self.recipe.heads]
        with torch.autocast("cpu", self.kind, enabled=self.kind is not torch.float32):
            logits = self.network(torch.from_numpy(np.ascontiguousarray(batch.images)).permute(0, 3, 1, 2))
        losses = [
            (cross_entropy(given.float(), target, reduction="none") * weight).mean()
            for given, target, weight in zip(logits, wanted, weights, strict=True)
        ]
        loss = losses[0] + self.recipe.crowd_weight * sum(losses[1:])
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.schedule.step()
        self.average.update_parameters(self.network)
        hits = logits[0].argmax(1) == wanted[0].argmax(1)
        return loss.item(), hits.float().mean().item()

    def _share_of_rate(self, step: int) -> float:
        warm, whole = self.recipe.warmup_epochs * EPOCH_STEPS, self.recipe.epochs * EPOCH_STEPS
        return step / warm if step < warm else (1 + math.cos(math.pi * (step - warm) / (whole - warm))) / 2


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


def build_studio() -> tuple[nn.Module, int]:
    """Mirror networks.py's studio."""
    stages: list[nn.Module] = [convolve(1, 32)]
    for inputs, filters, last in ((32, 64, convolve(64, 64)), (64, 112, Residual(112)), (112, 224, Residual(224))):
        stages += [nn.MaxPool2d(2), convolve(inputs, filters), last]
    return nn.Sequential(*stages, nn.MaxPool2d(2), convolve(224, 256, padding=0), nn.Flatten()), 256


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


def main() -> None:
    """Measure on all cores, and print JSON."""
    torch.set_num_threads(THREADS)
    name, seconds, kind = sys.argv[1:]

    def build_step(recipe: Recipe) -> tuple[Callable[..., object], int]:
        torch.manual_seed(recipe.seed)
        learner = TorchLearner(recipe, getattr(torch, kind))
        return learner.learn, sum(value.numel() for value in learner.network.parameters())

    print_measurement(name, float(seconds), build_step)


if __name__ == "__main__":
    main()
