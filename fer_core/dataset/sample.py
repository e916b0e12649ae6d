"""The drawn sample: faces by code, the same ones each time."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np

from fer_core.dataset.csv_file import WORKERS
from fer_core.dataset.table import Progress, Table, join_images
from fer_core.labels import EMOTIONS, SPLITS

_SIZES = {"train": 1260, "validation": 280, "test": 280}
_SHARES = np.array([0.15, 0.10, 0.14, 0.20, 0.15, 0.12, 0.14])
"""Part of each emotion: uneven, as in FER2013, but milder."""
_AMBIGUOUS = 0.07
_SEED = 48
_TOGETHER = 140


def draw_table(progress: Progress) -> Table:
    """Draw all faces of the sample."""
    from fer_core.dataset.drawn.expressions import move_faces
    from fer_core.dataset.drawn.paint import paint_faces
    from fer_core.dataset.drawn.people import draw_lights, draw_people, draw_poses, vary_faces

    rng = np.random.default_rng(_SEED)
    splits = np.repeat(np.arange(len(SPLITS)), list(_SIZES.values())).astype(np.uint8)
    labels = np.concatenate([_draw_labels(rng, size) for size in _SIZES.values()])
    n = len(labels)
    values = (
        vary_faces(rng, move_faces(_draw_weights(rng, labels))) | draw_people(rng, n) | draw_poses(rng, n) | draw_lights(rng, n)
    )

    def paint(start: int) -> np.ndarray:
        some = {name: value[start : start + _TOGETHER].astype(np.float32) for name, value in values.items()}
        return paint_faces(some, np.random.default_rng((_SEED, start)))

    images: list[np.ndarray] = []
    with ThreadPoolExecutor(WORKERS) as pool:
        for part in pool.map(paint, range(0, n, _TOGETHER)):
            images.append(part)
            done = sum(map(len, images))
            progress(done / n, f"Drawing faces: {done:,} of {n:,}")
    return Table(join_images(images), labels, splits, np.arange(n, dtype=np.int32))


def sample_identity() -> str:
    """What changes when the code that draws does."""
    folder = Path(__file__).parent
    code = b"".join(path.read_bytes() for path in [Path(__file__), *sorted((folder / "drawn").glob("*.py"))])
    return f"sample {sha256(code).hexdigest()}"


def _draw_labels(rng: np.random.Generator, n: int) -> np.ndarray:
    counts = np.floor(_SHARES * n).astype(int)
    counts[: n - counts.sum()] += 1
    return rng.permutation(np.repeat(np.arange(len(EMOTIONS)), counts)).astype(np.uint8)


def _draw_weights(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    """How strongly each face shows its emotion; a few also show another one, or hardly any."""
    n = len(labels)
    weights = np.zeros((n, len(EMOTIONS)))
    strength = 0.55 + 0.55 * rng.beta(2.0, 1.7, n)
    weights[np.arange(n), labels] = strength
    other = rng.integers(0, len(EMOTIONS), n)
    mixed = rng.random(n) < _AMBIGUOUS
    weights[mixed] *= 0.55
    weights[mixed, other[mixed]] += 0.4
    return weights
