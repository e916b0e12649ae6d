"""Near copies: images that show the same photograph, though their pixels differ."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fer_core.audit.alignment import Match, align_roughly, even_out, find_flat, halve, match
from fer_core.audit.descriptors import View, find_edges, learn_projection
from fer_core.audit.rows import whole
from fer_core.dataset import Dataset, find_copies
from fer_core.labels import IMAGE_SIZE

Report = Callable[[float, str], None]
_LEARNING, _DESCRIBING, _SEARCHING, _COMPARING = (0.0, 0.03), (0.03, 0.15), (0.15, 0.55), (0.55, 1.0)
"""Where each step begins and ends in the whole, as measured on FER2013."""

LIMIT = 0.05
"""Pairs that leave more are not taken for the same photograph."""

_VIEWS = tuple(
    View(dx, dy, mirrored)
    for mirrored in (False, True)
    for dx, dy in ((0.0, 0.0), (3.5, 3.5), (-3.5, 3.5) if mirrored else (3.5, -3.5))
)
"""The opposite shifts need no view of their own: they are found from the other image of the pair."""
_NEIGHBOURS = 6
_NEAR = 0.3
"""Descriptors further apart (1 - cosine) belong to different photographs."""
_AT_LEAST = 1000
"""So many candidates are compared however far apart they are, so that small datasets are searched in full."""
_ROUGH_LIMIT = 0.2
_CHUNK, _PAIRS = 1024, 512
_WORKERS = 2


@dataclass(frozen=True, eq=False)
class NearCopies:
    """Pairs of images that show the same photograph, pixel-different ones alone (see find_copies for the others).

    Of images that equal each other, the one with the lowest row stands for all.

    Attributes:
        rows: (n, 2) int32, each pair once, the lower row first; sorted.
        kind: for each, what differs mainly, the first that fits of: ``mirrored``, ``rescaled`` (by more than 3 %), ``turned``
            (more than 1.5 degrees), ``shifted`` (more than 0.7 pixels), ``covered`` (a part shows something else),
            ``brightness`` (or contrast) and ``detail`` (noise, blur, compression).
        residual: (n,) float32, what laying one over the other leaves: 1 - the median correlation in small windows.
    """

    rows: np.ndarray
    kind: tuple[str, ...]
    residual: np.ndarray


class _Candidates(NamedTuple):
    """Pairs to compare: indices (n,) of the first and the second image, and of the view (into _VIEWS) they were found by."""

    first: np.ndarray
    second: np.ndarray
    view: np.ndarray


def find_near_copies(dataset: Dataset, *, progress: Report | None = None) -> NearCopies:
    """Find all pairs of images that show the same photograph: mirrored, moved, zoomed, turned, recoloured or degraded.

    Takes about a minute for FER2013 on two cores, and no memory that grows with the square of the images.

    Args:
        dataset: any; images with next to no texture pair up with nothing.
        progress: called often, between pieces of work, with the share done and what is being done; what it raises stops
            the search.
    """
    report = progress or (lambda share, step: None)
    rows, images = _choose_images(dataset)
    if len(rows) < 2:
        return NearCopies(np.empty((0, 2), np.int32), (), np.empty(0, np.float32))
    descriptors, halves = _describe(images, report)
    candidates = _find_candidates(descriptors, report)
    del descriptors
    return _collect(rows, candidates, list(_compare(images, halves, candidates, report)))


def _choose_images(dataset: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Give rows (n,), ascending, and images (n, 48, 48): one of each group of exact copies, none that is flat."""
    if not dataset.n:
        return np.empty(0, np.int32), np.empty((0, IMAGE_SIZE, IMAGE_SIZE), np.uint8)
    everything = whole(dataset)
    again = [group[1:] for group in find_copies(dataset).groups]
    chosen = ~find_flat(everything.images) & ~np.isin(everything.rows, np.concatenate(again) if again else [])
    return everything.rows[chosen], everything.images[chosen]


def _describe(images: np.ndarray, report: Report) -> tuple[list[np.ndarray], np.ndarray]:
    """Give the descriptors (n, dims) of each view, and the halved images (n, 24, 24) float32."""
    report(_LEARNING[0], "learning what copies keep")
    projection = learn_projection(images)
    descriptors: list[list[np.ndarray]] = [[] for _ in _VIEWS]
    halves = []
    for start in range(0, len(images), _CHUNK):
        report(_within(_DESCRIBING, start / len(images)), "describing images")
        chunk = images[start : start + _CHUNK]
        edges = find_edges(chunk)
        for found, view in zip(descriptors, _VIEWS, strict=True):
            found.append(projection.describe(edges, view))
        halves.append(np.stack([halve(even_out(image)) for image in chunk]))
    return [np.concatenate(found) for found in descriptors], np.concatenate(halves)


def _find_candidates(descriptors: list[np.ndarray], report: Report) -> _Candidates:
    """Look up each image, in each view, among the unmoved ones; the nearest of a pair's views stays, mirrored or not."""
    from sklearn.neighbors import NearestNeighbors

    n = len(descriptors[0])
    index = NearestNeighbors(n_neighbors=min(_NEIGHBOURS, n), algorithm="brute").fit(descriptors[0])
    found = []
    for view, queries in enumerate(descriptors):
        for start in range(0, n, 4 * _CHUNK):
            report(_within(_SEARCHING, (view * n + start) / (len(descriptors) * n)), "searching for similar images")
            distances, second = index.kneighbors(queries[start : start + 4 * _CHUNK])
            first = np.repeat(np.arange(start, start + len(second)), second.shape[1])
            found.append(np.stack([first, second.ravel(), np.full(first.shape, view), distances.ravel() ** 2 / 2]))
    first, second, view, distance = np.concatenate(found, axis=1)
    first, second, view = (values.astype(np.int64) for values in (first, second, view))
    order = np.argsort(distance, kind="stable")
    near = (distance[order] < _NEAR) | (np.arange(len(order)) < _AT_LEAST)
    order = order[near & (first != second)[order]]
    mirrored = np.array([which.mirrored for which in _VIEWS])[view[order]]
    pair = np.stack([np.minimum(first, second)[order], np.maximum(first, second)[order], mirrored])
    order = order[np.sort(np.unique(pair, axis=1, return_index=True)[1])]
    return _Candidates(first[order], second[order], view[order])


def _compare(images: np.ndarray, halves: np.ndarray, candidates: _Candidates, report: Report) -> Iterator[Match | None]:
    """Compare the candidates, in their order; None for what differs already at half the size."""

    def compare(pair: tuple[int, int, int]) -> Match | None:
        first, second, view = pair[0], pair[1], _VIEWS[pair[2]]
        rough, matrix = align_roughly(halves[first], halves[second], view)
        return None if matrix is None or rough > _ROUGH_LIMIT else match(images[first], images[second], view, matrix)

    pairs = list(zip(*(values.tolist() for values in candidates), strict=True))
    with ThreadPoolExecutor(_WORKERS) as pool:
        for start in range(0, len(pairs), _PAIRS):
            report(_within(_COMPARING, start / len(pairs)), "comparing pairs")
            yield from pool.map(compare, pairs[start : start + _PAIRS])
    report(_COMPARING[1], "comparing pairs")


def _within(step: tuple[float, float], share: float) -> float:
    """Give the share of the whole where ``share`` of a step is done."""
    return step[0] + (step[1] - step[0]) * share


def _collect(rows: np.ndarray, candidates: _Candidates, matches: list[Match | None]) -> NearCopies:
    """Keep the pairs that leave little, each once with the better of its matches."""
    best: dict[tuple[int, int], Match] = {}
    for first, second, found in zip(rows[candidates.first].tolist(), rows[candidates.second].tolist(), matches, strict=True):
        pair = (min(first, second), max(first, second))
        if found and found.residual <= LIMIT and (pair not in best or found.residual < best[pair].residual):
            best[pair] = found
    kept = sorted(best)
    return NearCopies(
        rows=np.array(kept, np.int32).reshape(-1, 2),
        kind=tuple(best[pair].kind for pair in kept),
        residual=np.array([best[pair].residual for pair in kept], np.float32),
    )
