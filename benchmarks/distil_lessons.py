"""What distil_gpu's roles learn from: labels and votes, the model that there is, or the mean of teachers' answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from benchmarks.distil_net import HEADS, Studio, change
from benchmarks.torch_networks import from_keras

TEACHERS = ("t1", "t2", "t3", "t4")
VIEWS, MIXED_FROM, CHUNK = 40, 32, 4096
GPU = "cuda" if torch.cuda.is_available() else "cpu"


class Material:
    """All images and targets, on the GPU."""

    def __init__(self, folder: Path) -> None:
        with np.load(folder / "material.npz") as file:
            on = {name: torch.from_numpy(file[name]).to(GPU) for name in file.files}
        self.images, self.crowd, self.voted = on["images"], on["crowd"], (on["crowd"].sum(1) > 0).float()
        self.one = one_hot(on["labels"].long(), 7).float()
        self.val, self.val_labels, self.majority = on["val_images"], on["val_labels"].long(), on["majority"].long()


def load_now(folder: Path) -> Studio:
    """Give the model that there is."""
    network = Studio(1.0, 0.0)
    with np.load(folder / "now.npz") as file:
        from_keras(network, [file[name] for name in sorted(file.files)])
    return network.to(GPU, memory_format=torch.channels_last).eval()


def answer(network: Studio, x: Tensor, *, half: bool = True) -> dict[str, Tensor]:
    """Give each head's logits (n, 7) of images (n, 48, 48) or (n, 1, 48, 48)."""
    x = x if x.ndim == 4 else x[:, None]
    with torch.no_grad(), torch.autocast(GPU, torch.bfloat16, enabled=half and GPU == "cuda"):
        parts = [network(part.float().contiguous(memory_format=torch.channels_last)) for part in x.split(CHUNK)]
    return {head: torch.cat([part[head].float() for part in parts]) for head in HEADS}


def draw_shares(n: int, alpha: float) -> Tensor:
    """Give mixup's shares (n, 1), each at least a half."""
    concentration = torch.full((n,), alpha, device=GPU)
    share = torch.distributions.Beta(concentration, concentration).sample()
    return torch.maximum(share, 1 - share)[:, None]


def draw_views(material: Material) -> Iterator[Tensor]:
    """Give the same changed images (n, 48, 48) uint8 to every process, VIEWS times; the first as they are."""
    torch.manual_seed(77)
    yield material.images
    for view in range(1, VIEWS):
        parts = []
        for part in material.images.split(CHUNK):
            x = change(part, erase=view % 2 == 0)[:, 0]
            if view >= MIXED_FROM:
                share = draw_shares(len(x), 0.4)[..., None]
                x = share * x + (1 - share) * x[torch.randperm(len(x), device=GPU)]
            parts.append(x.round().to(torch.uint8))
        yield torch.cat(parts)


def say(name: str, network: Studio, material: Material, folder: Path) -> None:
    """Write what a teacher answers to every view."""
    answers = [{head: value.softmax(1).half() for head, value in answer(network, x).items()} for x in draw_views(material)]
    arrays = {head: torch.stack([got[head] for got in answers]).cpu().numpy() for head in HEADS}
    np.savez(folder / f"said_{name}.npz", **arrays)


class Lessons:
    """Batches of a role: images (b, 1, 48, 48), then targets (b, 7) and weights (b,) of both heads."""

    def __init__(self, settings: dict[str, Any], material: Material, folder: Path) -> None:
        self.settings, self.material, self.now = settings, material, load_now(folder)
        if "teacher_weight" in settings:
            self.bank = torch.stack(list(draw_views(material)))
            self.said = {head: torch.zeros(*self.bank.shape[:2], 7, device=GPU) for head in HEADS}
            for name in (*TEACHERS, "now"):
                with np.load(folder / f"said_{name}.npz") as file:
                    for head in HEADS:
                        self.said[head] += torch.from_numpy(file[head]).to(GPU).float() / (len(TEACHERS) + 1)
        torch.manual_seed(settings["seed"])

    def give(self, at: Tensor) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """Give the batch of these rows (b,)."""
        return self._taught(at) if "teacher_weight" in self.settings else self._own(at)

    def _taught(self, at: Tensor) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        view = torch.randint(0, VIEWS, (len(at),), device=GPU)
        x = self.bank[view, at].float()
        x = torch.where((torch.rand(len(at), device=GPU) < 0.5)[:, None, None], x.flip(2), x)[:, None]
        own = (1 - self.settings["teacher_weight"]) * (view < MIXED_FROM).float()[:, None]
        owns = (own, own * self.material.voted[at][:, None])
        facts = (self.material.one[at], self.material.crowd[at])
        parts = zip(HEADS, owns, facts, strict=True)
        targets = [(1 - share) * self.said[head][view, at] + share * fact for head, share, fact in parts]
        return x, targets, [torch.ones(len(at), device=GPU)] * 2

    def _own(self, at: Tensor) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        smoothing = self.settings["label_smoothing"]
        x, voted = change(self.material.images[at], erase=True), self.material.voted[at]
        label, crowd = self.material.one[at] * (1 - smoothing) + smoothing / 7, self.material.crowd[at]
        if self.settings["mixup"]:
            share, other = draw_shares(len(at), self.settings["mixup"]), torch.randperm(len(at), device=GPU)
            x = (share[..., None, None] * x + (1 - share[..., None, None]) * x[other]).round()
            weighed, both = share[:, 0] * voted + (1 - share[:, 0]) * voted[other], crowd * voted[:, None]
            label = share * label + (1 - share) * label[other]
            crowd = (share * both + (1 - share) * both[other]) / weighed.clamp_min(1e-6)[:, None]
            voted = weighed
        if self.settings["now"]:
            taught = {head: value.softmax(1) for head, value in answer(self.now, x).items()}
            label = label + self.settings["now"] * (taught["logits"] - label)
            mixed = crowd + self.settings["now"] * (taught["crowd_logits"] - crowd)
            crowd, voted = torch.where((voted > 0)[:, None], mixed, taught["crowd_logits"]), torch.ones_like(voted)
        return x, [label, crowd], [torch.ones_like(voted), voted]
