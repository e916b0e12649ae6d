"""`studio` of any width with named heads, and augment.py's changes on a GPU, for distil_gpu."""

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from benchmarks.torch_networks import Network, build_studio
from fer_core.training.amounts import ERASE_SHARE, GAIN, OFFSET, SHIFT, TURN_DEGREES, ZOOM

HEADS = ("logits", "crowd_logits")
SIDE = 48


class Studio(Network):
    """The network, ``wide`` times as wide."""

    def __init__(self, wide: float, dropout: float) -> None:
        super().__init__(*build_studio(wide), heads=len(HEADS), dropout=dropout)

    def forward(self, images: Tensor) -> dict[str, Tensor]:  # type: ignore[override]
        """Give each head's logits by its name."""
        return dict(zip(HEADS, super().forward(images), strict=True))


def change(images: Tensor, *, erase: bool) -> Tensor:
    """Do augment.py's flip, affine, brightness and, where asked, erase to images (b, 48, 48); gives (b, 1, 48, 48) float32."""
    n, device = len(images), images.device

    def uniform(low: float, high: float, *more: int) -> Tensor:
        return low + (high - low) * torch.rand(n, *more, device=device)

    x = images.float()
    x = torch.where((uniform(0, 1) < 0.5)[:, None, None], x.flip(2), x)[:, None]
    angle, scale = torch.deg2rad(uniform(-TURN_DEGREES, TURN_DEGREES)), torch.exp(uniform(-ZOOM, ZOOM))
    shift = 2 * uniform(-SHIFT, SHIFT, 2)  # in half sides
    cosine, sine = torch.cos(angle) * scale, torch.sin(angle) * scale
    rows = [torch.stack([cosine, -sine, shift[:, 0]], 1), torch.stack([sine, cosine, shift[:, 1]], 1)]
    grid = affine_grid(torch.stack(rows, 1), list(x.shape), align_corners=False)
    x = grid_sample(x, grid, padding_mode="border", align_corners=False).round()
    x = (x * uniform(1 - GAIN, 1 + GAIN, 1, 1, 1) + uniform(-OFFSET, OFFSET, 1, 1, 1)).round().clamp(0, 255)
    return _erase(x, uniform(0, 1, 6)) if erase else x


def _erase(x: Tensor, chance: Tensor) -> Tensor:
    tall, wide = (torch.floor(6 + chance[:, at] * 19) for at in (0, 1))
    top, left = torch.floor(chance[:, 2] * (SIDE + 1 - tall)), torch.floor(chance[:, 3] * (SIDE + 1 - wide))
    at = torch.arange(SIDE, device=x.device)
    rows = (at >= top[:, None]) & (at < (top + tall)[:, None])
    columns = (at >= left[:, None]) & (at < (left + wide)[:, None])
    covered = rows[:, :, None] & columns[:, None, :] & (chance[:, 4] < ERASE_SHARE)[:, None, None]
    return torch.where(covered[:, None], torch.floor(chance[:, 5] * 256)[:, None, None, None], x)
