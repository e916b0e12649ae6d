"""One measurement of PyTorch's training step of a recipe: `python -m benchmarks.torch_side RECIPE SECONDS TYPE`.

TYPE is float32 or bfloat16 (autocast). It runs in .venv-torch, which has no TensorFlow; recipe, batches and augmentation are
fer_core's own. A network is added by writing its body in torch_networks.py, and naming its recipe in bench_training's
``COMPARED``.
"""

import math
import sys
from collections.abc import Callable

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from benchmarks.side import THREADS, print_measurement
from benchmarks.torch_networks import BODIES, Network
from fer_core.model import OUTPUTS
from fer_core.runs import Recipe
from fer_core.training.batches import Batch
from fer_core.training.pace import EPOCH_STEPS


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
