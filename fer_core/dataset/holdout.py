"""A validation split held out of train, where a source has none."""

from dataclasses import replace
from hashlib import sha256

import numpy as np

from fer_core.dataset.table import Table
from fer_core.labels import EMOTIONS, SPLITS

SHARE = 0.1
"""Part of each emotion's training images that is held out."""
_SEED = b"validation 0"
_TRAIN, _VALIDATION = SPLITS.index("train"), SPLITS.index("validation")


def hold_out_validation(table: Table) -> Table:
    """Move a tenth of train to validation where there are no validation rows.

    By emotion; equal pixels stay together, under the label of the first of them. Which images are taken depends on their
    pixels and the seed only, neither on file names nor on the order of rows.

    Returns:
        The table itself where it has validation rows, or no training rows; else a new one with a note.
    """
    train = np.flatnonzero(table.splits == _TRAIN)
    if len(train) == 0 or (table.splits == _VALIDATION).any():
        return table
    groups: dict[bytes, list[int]] = {}
    for row in train.tolist():
        groups.setdefault(sha256(_SEED + table.images[row].tobytes()).digest(), []).append(row)
    ordered = [groups[key] for key in sorted(groups)]
    held = [row for label in range(len(EMOTIONS)) for row in _choose([g for g in ordered if table.labels[g[0]] == label])]
    if not held:
        return replace(table, notes=(*table.notes, "There is no validation split: train is too small to hold one out."))
    splits = table.splits.copy()
    splits[held] = _VALIDATION
    note = (
        f"The source has no validation split: {len(held):,} of its {len(train):,} training images were held out as one "
        "(a tenth of each emotion, seeded, equal images kept together)."
    )
    return replace(table, splits=splits, notes=(*table.notes, note))


def _choose(groups: list[list[int]]) -> list[int]:
    """Take whole groups, in order, up to a tenth of their rows; at least one row where two groups are there."""
    if len(groups) < 2:
        return []
    most = max(1, round(SHARE * sum(len(group) for group in groups)))
    taken: list[int] = []
    for group in groups:
        if len(taken) + len(group) <= most:
            taken += group
    return taken
