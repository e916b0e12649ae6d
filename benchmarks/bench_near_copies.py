"""Are near copies found, how many are there, and how long does it take? `python -m benchmarks.bench_near_copies [SHEETS]`.

Ten kinds of copies, 50 of each, of random images of FER2013_CSV are planted among its images. Printed: how many of each kind
are found, how many pairs there are that nobody planted, and the processor's seconds. With a folder, 200 of these pairs are
drawn side by side, with their residual, for a person to count; they are FER2013's images: not to be shared.
"""

import resource
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from fer_core.audit import NearCopies, find_near_copies
from fer_core.dataset import Dataset, Split, find_copies, find_source, load_dataset
from fer_core.labels import IMAGE_SIZE

Change = Callable[[np.ndarray, np.random.Generator], np.ndarray]

EACH = 50
SHEETS, PAIRS_A_SHEET, COLUMNS, SCALED = 4, 50, 10, 96


def move(image: np.ndarray, *, zoom: float = 1.0, degrees: float = 0.0, shift: tuple[int, int] = (0, 0)) -> np.ndarray:
    """Zoom and turn about the centre, then shift; edges are repeated."""
    matrix = cv2.getRotationMatrix2D(((IMAGE_SIZE - 1) / 2,) * 2, degrees, zoom)
    matrix[:, 2] += shift
    return cv2.warpAffine(image, matrix, (IMAGE_SIZE, IMAGE_SIZE), borderMode=cv2.BORDER_REPLICATE)


def compress(image: np.ndarray, quality: int) -> np.ndarray:
    """Store as JPEG and read again."""
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE)


def to_gray(values: np.ndarray) -> np.ndarray:
    """Round and clip to uint8."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def draw_shift(random: np.random.Generator) -> tuple[int, int]:
    """Draw 1 to 5 pixels to a side and as many up or down."""
    across, down = random.integers(1, 6, 2) * random.choice([-1, 1], 2)
    return int(across), int(down)


def recolour(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Change gamma or contrast by 0.6 to 1.8."""
    power = random.uniform(0.6, 1.8)
    return to_gray(255 * (image / 255) ** power if random.random() < 0.5 else (image - 128.0) * power + 128)


CHANGES: dict[str, Change] = {
    "mirrored": lambda image, _: image[:, ::-1],
    "shifted": lambda image, random: move(image, shift=draw_shift(random)),
    "zoomed": lambda image, random: move(image, zoom=random.choice([random.uniform(0.85, 0.95), random.uniform(1.05, 1.2)])),
    "jpeg": lambda image, random: compress(image, int(random.integers(30, 71))),
    "brightened": lambda image, random: to_gray(image + random.choice([-1, 1]) * random.uniform(15, 50)),
    "gamma": recolour,
    "noise": lambda image, random: to_gray(image + random.normal(0, random.uniform(5, 12), image.shape)),
    "blur": lambda image, random: cv2.GaussianBlur(image, (0, 0), random.uniform(0.7, 1.2)),
    "turned": lambda image, random: move(image, degrees=random.uniform(-8, 8)),
    "combined": lambda image, random: compress(move(image[:, ::-1], shift=draw_shift(random)), int(random.integers(30, 71))),
}


def plant_copies(dataset: Dataset, random: np.random.Generator) -> tuple[Dataset, list[tuple[str, int, int]]]:
    """Add copies as a split of their own; give the kind, the original's row and the copy's row of each.

    Of exact copies the one with the lowest row is the original: it stands for all. Blank images have no near copies.
    """
    last = max(int(split.rows[-1]) for split in dataset.splits.values())
    found = find_copies(dataset)
    stands_for = {int(row): int(group[0]) for group in found.groups for row in group}
    rows = np.setdiff1d(np.concatenate([split.rows for split in dataset.splits.values()]), found.blank)
    planted, copies = [], []
    for kind, change in CHANGES.items():
        for row in random.choice(rows, EACH, replace=False).tolist():
            copies.append(change(dataset.image(row), random))
            planted.append((kind, stands_for.get(row, row), last + len(copies)))
    n = len(copies)
    split = Split("planted", np.stack(copies), np.zeros(n, np.uint8), np.arange(last + 1, last + 1 + n, dtype=np.int32), "")
    # Under a split's name, so that find_copies knows it.
    train = dataset.splits["train"]
    merged = Split(
        "train",
        np.concatenate([train.images, split.images]),
        np.concatenate([train.labels, split.labels]),
        np.concatenate([train.rows, split.rows]),
        "",
    )
    return Dataset(dataset.name, dataset.source, "", dataset.splits | {"train": merged}), planted


def draw_sheets(dataset: Dataset, pairs: NearCopies, folder: Path) -> None:
    """Draw random pairs side by side, each with its residual and kind below."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = np.random.default_rng(0).permutation(len(pairs.rows))[: SHEETS * PAIRS_A_SHEET]
    for number in range(SHEETS):
        part = chosen[number * PAIRS_A_SHEET : (number + 1) * PAIRS_A_SHEET]
        tiles = [_draw_pair(dataset, pairs, at) for at in part.tolist()]
        tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % COLUMNS) if tiles else []
        if tiles:
            lines = [np.hstack(tiles[at : at + COLUMNS]) for at in range(0, len(tiles), COLUMNS)]
            cv2.imwrite(str(folder / f"pairs-{number + 1}.png"), np.vstack(lines))


def _draw_pair(dataset: Dataset, pairs: NearCopies, at: int) -> np.ndarray:
    images = [cv2.resize(dataset.image(int(row)), (SCALED, SCALED)) for row in pairs.rows[at]]
    tile = np.pad(np.hstack(images), ((0, 18), (0, 8)), constant_values=90)
    text = f"{pairs.residual[at]:.3f} {pairs.kind[at]}"
    return cv2.putText(tile, text, (2, SCALED + 13), cv2.FONT_HERSHEY_SIMPLEX, 0.42, 255, 1)


def main() -> None:
    """Print the figures; draw sheets into the folder given, if any."""
    dataset = load_dataset(find_source(None))
    planted_in, planted = plant_copies(dataset, np.random.default_rng(0))
    used = resource.getrusage(resource.RUSAGE_SELF)
    found = find_near_copies(planted_in)
    now = resource.getrusage(resource.RUSAGE_SELF)
    seconds = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    pairs = set(map(tuple, found.rows.tolist()))
    hits = Counter(kind for kind, original, copy in planted if (original, copy) in pairs)
    for kind in CHANGES:
        print(f"{kind:12}{hits[kind]:4} of {EACH} found")
    real = found.rows[:, 1] < planted[0][2]
    kept = NearCopies(found.rows[real], tuple(np.array(found.kind)[real].tolist()), found.residual[real])
    split = np.array([dataset.split_of(int(row)).name for row in kept.rows.ravel()]).reshape(-1, 2)
    across = int((split[:, 0] != split[:, 1]).sum())
    print(
        f"recall {hits.total() / len(planted):.3f}; {len(kept.rows):,} pairs nobody planted, {across:,} of them across splits"
    )
    print(f"kinds: {dict(Counter(kept.kind).most_common())}")
    print(f"{planted_in.n:,} images: {seconds:.0f} s of processor time, {seconds / 2:.0f} s on two idle cores")
    for folder in sys.argv[1:]:
        draw_sheets(dataset, kept, Path(folder))


if __name__ == "__main__":
    main()
