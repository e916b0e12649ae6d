"""What the network shall answer on each training image: labels, votes, and what teachers said."""

from dataclasses import dataclass, replace

import numpy as np

from fer_core.dataset import Split, Votes, share_votes
from fer_core.labels import EMOTIONS
from fer_core.model import OUTPUTS
from fer_core.runs import Recipe


@dataclass(frozen=True, eq=False)
class Targets:
    """Targets and weights of a split's rows, by the network's output.

    Attributes:
        shares: (n, 7) float32 each; rows sum to 1, or to 0 where the weight is 0.
        weights: (n,) float32 each.
    """

    shares: dict[str, np.ndarray]
    weights: dict[str, np.ndarray]

    def of(self, chosen: np.ndarray) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """Give targets and weights of some positions (b,)."""
        return tuple({name: values[chosen] for name, values in part.items()} for part in (self.shares, self.weights))  # type: ignore[return-value]


def build_targets(split: Split, recipe: Recipe, votes: Votes | None) -> Targets:
    """Turn labels into smoothed one-hot rows and votes into shares; a row without a vote for one of the seven weighs nothing.

    Args:
        split: n rows.
        recipe: says how much to smooth, and which heads there are.
        votes: needed for a crowd head.
    """
    one_hot = np.eye(len(EMOTIONS), dtype=np.float32)[split.labels]
    smoothed = one_hot * (1 - recipe.label_smoothing) + recipe.label_smoothing / len(EMOTIONS)
    shares = {OUTPUTS["label"]: smoothed.astype(np.float32)}
    weights = {OUTPUTS["label"]: np.ones(len(split), np.float32)}
    if votes is not None and "crowd" in recipe.heads:
        crowd = share_votes(votes.of(split.rows))
        shares[OUTPUTS["crowd"]] = crowd
        weights[OUTPUTS["crowd"]] = (crowd.sum(axis=1) > 0).astype(np.float32)
    return Targets(shares, weights)


def mix_in(targets: Targets, said: dict[str, np.ndarray], weight: float) -> Targets:
    """Replace a share ``weight`` of each target by what teachers said; rows that had no target get theirs alone.

    Args:
        targets: of n rows.
        said: probabilities (n, 7) by output; an output that teachers lack stays as it is.
        weight: 0..1.
    """
    shares, weights = dict(targets.shares), dict(targets.weights)
    for name in shares.keys() & said.keys():
        known = (weights[name] > 0)[:, None]
        mixed = (1 - weight) * shares[name] + weight * said[name]
        shares[name] = np.where(known, mixed, said[name]).astype(np.float32)
        weights[name] = np.ones_like(weights[name])
    return replace(targets, shares=shares, weights=weights)
