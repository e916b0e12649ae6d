"""networks.py's `studio` in PyTorch, its weights from and to Keras, and augment.py's changes on a GPU, for distil_gpu."""

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import affine_grid, grid_sample

HEADS = ("logits", "crowd_logits")
SIDE = 48


class Unit(nn.Module):
    """A 3 x 3 convolution, normalised as Keras does it."""

    def __init__(self, inputs: int, filters: int, padding: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(inputs, filters, 3, padding=padding, bias=False)
        nn.init.kaiming_normal_(self.convolution.weight)
        self.normalisation = nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01)

    def forward(self, x: Tensor) -> Tensor:
        """Give (b, filters, h, w)."""
        normal: Tensor = self.normalisation(self.convolution(x))
        return normal


class Studio(nn.Module):
    """The network, ``width`` times as wide; its units are in the order of Keras's weights."""

    def __init__(self, width: float, dropout: float) -> None:
        super().__init__()
        a, b, c, d, e = (round(filters * width) for filters in (32, 64, 112, 224, 256))
        sizes = [(1, a), (a, b), (b, b), (b, c), (c, c), (c, c), (c, d), (d, d), (d, d), (d, e)]
        self.units = nn.ModuleList(Unit(*size, padding=int(size != sizes[-1])) for size in sizes)
        self.pool, self.dropout = nn.MaxPool2d(2), nn.Dropout(dropout)
        self.crowd_logits, self.logits = nn.Linear(e, 7), nn.Linear(e, 7)
        for dense in (self.crowd_logits, self.logits):
            nn.init.xavier_uniform_(dense.weight)
            nn.init.zeros_(dense.bias)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Give each head's logits (b, 7) of images (b, 1, 48, 48) in 0..255."""
        units, relu = self.units, torch.relu
        x = relu(units[0](x / 127.5 - 1))
        x = relu(units[2](relu(units[1](self.pool(x)))))
        for at in (3, 6):
            x = relu(units[at](self.pool(x)))
            x = relu(x + units[at + 2](relu(units[at + 1](x))))
        x = self.dropout(relu(units[9](self.pool(x))).flatten(1))
        return {"logits": self.logits(x), "crowd_logits": self.crowd_logits(x)}


def to_keras(network: Studio) -> list[np.ndarray]:
    """Give the weights in Keras's order and shapes, float32."""
    values: list[Tensor] = []
    for unit in network.units:
        normalisation = unit.normalisation
        values += [unit.convolution.weight.permute(2, 3, 1, 0), normalisation.weight, normalisation.bias]
        values += [normalisation.running_mean, normalisation.running_var]
    for dense in (network.crowd_logits, network.logits):
        values += [dense.weight.T, dense.bias]
    return [value.detach().float().contiguous().cpu().numpy() for value in values]


def from_keras(network: Studio, weights: Iterable[np.ndarray]) -> None:
    """Set the weights that ``to_keras`` gave."""
    given = (torch.from_numpy(np.asarray(value, np.float32)) for value in weights)
    for unit in network.units:
        normalisation = unit.normalisation
        unit.convolution.weight.data.copy_(next(given).permute(3, 2, 0, 1))
        for target in (normalisation.weight, normalisation.bias, normalisation.running_mean, normalisation.running_var):
            target.data.copy_(next(given))
    for dense in (network.crowd_logits, network.logits):
        dense.weight.data.copy_(next(given).T)
        dense.bias.data.copy_(next(given))


def change(images: Tensor, *, erase: bool) -> Tensor:
    """Do augment.py's flip, affine, brightness and, where asked, erase to images (b, 48, 48); gives (b, 1, 48, 48) float32."""
    n, device = len(images), images.device

    def uniform(low: float, high: float, *more: int) -> Tensor:
        return low + (high - low) * torch.rand(n, *more, device=device)

    x = images.float()
    x = torch.where((uniform(0, 1) < 0.5)[:, None, None], x.flip(2), x)[:, None]
    angle, scale = torch.deg2rad(uniform(-12, 12)), torch.exp(uniform(-0.12, 0.12))
    shift = uniform(-0.24, 0.24, 2)  # in half sides
    cosine, sine = torch.cos(angle) * scale, torch.sin(angle) * scale
    rows = [torch.stack([cosine, -sine, shift[:, 0]], 1), torch.stack([sine, cosine, shift[:, 1]], 1)]
    grid = affine_grid(torch.stack(rows, 1), list(x.shape), align_corners=False)
    x = grid_sample(x, grid, padding_mode="border", align_corners=False).round()
    x = (x * uniform(0.8, 1.2, 1, 1, 1) + uniform(-20, 20, 1, 1, 1)).round().clamp(0, 255)
    return _erase(x, uniform(0, 1, 6)) if erase else x


def _erase(x: Tensor, chance: Tensor) -> Tensor:
    tall, wide = (torch.floor(6 + chance[:, at] * 19) for at in (0, 1))
    top, left = torch.floor(chance[:, 2] * (SIDE + 1 - tall)), torch.floor(chance[:, 3] * (SIDE + 1 - wide))
    at = torch.arange(SIDE, device=x.device)
    rows = (at >= top[:, None]) & (at < (top + tall)[:, None])
    columns = (at >= left[:, None]) & (at < (left + wide)[:, None])
    covered = rows[:, :, None] & columns[:, None, :] & (chance[:, 4] < 0.5)[:, None, None]
    return torch.where(covered[:, None], torch.floor(chance[:, 5] * 256)[:, None, None, None], x)
