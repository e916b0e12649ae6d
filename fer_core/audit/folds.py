"""Parts of a dataset for cross-validation, each with about the same share of every label."""

import warnings

import numpy as np

from fer_core.dataset import Copies, Split

FOLDS = 3
MIN_PICTURES = 30
"""Models of fewer would have nothing to say."""


def split_folds(everything: Split, copies: Copies, near: np.ndarray) -> np.ndarray:
    """Deal rows out so that copies, exact or near, lie in one fold: no model has seen what it is asked.

    Args:
        everything: all n rows of a dataset, ascending.
        copies: its exact ones.
        near: (m, 2) pairs of rows.

    Returns:
        (n,) int64 within 0..FOLDS - 1, the same each time; all 0 where there are too few images to deal out.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    folds = np.zeros(len(everything), np.int64)
    groups = _group(everything.rows, copies, near)
    if len(np.unique(groups)) < MIN_PICTURES or everything.counts().max() < FOLDS:
        return folds
    deal = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The least populated class")
        for number, (_, asked) in enumerate(deal.split(np.zeros(len(folds)), everything.labels, groups)):
            folds[asked] = number
    return folds


def _group(rows: np.ndarray, copies: Copies, near: np.ndarray) -> np.ndarray:
    """Number what is connected by copies: (n,) int32."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    exact = [np.column_stack([np.repeat(group[0], len(group) - 1), group[1:]]) for group in copies.groups]
    pairs = np.searchsorted(rows, np.concatenate([*exact, near.reshape(-1, 2)]).astype(np.int64))
    edges = coo_array((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(len(rows), len(rows)))
    number: np.ndarray = connected_components(edges, directed=False)[1]
    return number
