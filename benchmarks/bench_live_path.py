"""Is the live path as good as the plain figure? `python -m benchmarks.bench_live_path [--model studio] [--rows 500]`.

Each face of FER2013's validation split (FER2013_CSV) is pasted at each size into a 640 x 480 frame (pasting.py says how, and
what is made up), filmed for 0.8 s by a camera with noise, light of its own and JPEG, and shown to the whole
pipeline; what counts is what it shows in the last frame. Plain: the same image given to the same head directly. The label head
is judged against FER2013's labels, a crowd head against the majority of FER+'s votes (FERPLUS_CSV), where there is one.
Differences are of the same rows; their 95 % intervals a paired bootstrap of rows, those of shares Wilson's.
`--parts` then tells which part loses what, and `--framing` measures the crop's framing (live_parts.py).
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from benchmarks.clips import (
    HeadClassifier,
    OnceDetector,
    choose_rows,
    draw_square,
    film,
    find_face,
    square_of,
    truths_of,
)
from benchmarks.live_parts import Evidence, Sheet, compare_squares, print_framing, print_parts, print_squares
from benchmarks.pasting import draw_background, draw_camera, draw_tint, load_photos, make_bust
from fer_core.dataset import Split, find_source, load_dataset
from fer_core.evaluation import bootstrap_interval, proportion
from fer_core.model import Classifier, load_model
from fer_core.vision import Pipeline

SIZES = (60, 80, 100, 150, 200, 300)
FRAMES = 12
SURE_SIZE = 100
"""From here on faces should be found."""
FOUND_GOAL, FOUND_LOSS_GOAL, ALL_LOSS_GOAL = 95.0, 2.0, 4.0


@dataclass(frozen=True, eq=False)
class Judged:
    """What one head said, for each row and size.

    Attributes:
        sizes: (k,) sides in pixels.
        plain: (n,) bool: right when given the image directly.
        found: (n, k) bool.
        right: (n, k) bool: found and right.
    """

    sizes: Sequence[int]
    plain: np.ndarray
    found: np.ndarray
    right: np.ndarray

    def losses(self, columns: np.ndarray) -> tuple[float, float, float]:
        """Give found in %, and the points lost on those found and on all, of the sizes in ``columns`` (k,) bool."""
        found, right = self.found[:, columns], self.right[:, columns]
        plain = np.broadcast_to(self.plain[:, None], found.shape)
        on_found = 100 * (plain[found].mean() - right[found].mean()) if found.any() else float("nan")
        return 100 * float(found.mean()), float(on_found), 100 * float(plain.mean() - right.mean())

    def intervals(self, columns: np.ndarray) -> np.ndarray:
        """Give the 95 % intervals (2, 2) of both losses: low and high, on those found and on all."""
        found, right = self.found[:, columns], self.right[:, columns]
        lost = self.plain[:, None].astype(float) - right
        sums = np.column_stack(
            [(lost * found).sum(axis=1), found.sum(axis=1), lost.sum(axis=1), np.full(len(lost), found.shape[1])]
        )

        def statistic(drawn: np.ndarray) -> np.ndarray:
            on_found, n_found, on_all, n_all = np.moveaxis(sums[drawn].sum(axis=1), -1, 0)
            return 100 * np.stack([on_found / np.maximum(n_found, 1), on_all / n_all], axis=-1)

        return np.stack(bootstrap_interval(statistic, len(lost)))


def judge(sizes: Sequence[int], plain: np.ndarray, shown: np.ndarray, truth: np.ndarray) -> Judged:
    """Judge what was shown (n, k), -1 where missed, and plainly (n,), against (n,) labels, -1 where there is none."""
    known = truth >= 0
    plain, shown, truth = plain[known], shown[known], truth[known]
    return Judged(sizes, plain == truth, shown >= 0, shown == truth[:, None])


def print_judged(judged: Judged, title: str) -> None:
    """Print the table of one head, by size, then of all sizes from 100 pixels on and of all."""
    sizes = np.array(judged.sizes)
    print(f"{title}, n {len(judged.plain):,} a size, plain {judged.plain.mean():.2%}")
    print("   size   found % (95 %)              live on found (plain)   lost on found (95 %)      lost on all (95 %)")
    groups = {f"{size}": sizes == size for size in judged.sizes}
    for name, columns in (groups | {f">={SURE_SIZE}": sizes >= SURE_SIZE, "all": sizes > 0}).items():
        if not columns.any():
            continue
        found, on_found, on_all = judged.losses(columns)
        (low_found, low_all), (high_found, high_all) = judged.intervals(columns)
        share = proportion(int(judged.found[:, columns].sum()), judged.found[:, columns].size)
        seen = judged.found[:, columns]
        live = judged.right[:, columns][seen].mean() if seen.any() else float("nan")
        goal = found >= FOUND_GOAL if sizes[columns].min() >= SURE_SIZE else None
        print(
            f"  {name:>5}   {found:5.1f} ({100 * share.low:5.1f} to {100 * share.high:5.1f}){_mark(goal)}   "
            f"{live:6.2%} ({live + on_found / 100:6.2%})   "
            f"{on_found:5.2f} ({low_found:5.2f} to {high_found:5.2f}){_mark(on_found <= FOUND_LOSS_GOAL)}   "
            f"{on_all:5.2f} ({low_all:5.2f} to {high_all:5.2f}){_mark(on_all <= ALL_LOSS_GOAL)}"
        )
    print(
        f"  goals: found {FOUND_GOAL:g} % from {SURE_SIZE} px on; lost at most {FOUND_LOSS_GOAL:g} and {ALL_LOSS_GOAL:g} points"
    )


def _mark(met: bool | None) -> str:
    return "        " if met is None else " met   " if met else " MISSED"


def show_all(
    split: Split, classifiers: dict[str, HeadClassifier], sheet: Sheet, *, sizes: Sequence[int], frames: int, seed: int
) -> dict[str, np.ndarray]:
    """Paste, film and show every face at every size; give the labels shown (n, k) by head, -1 where missed."""
    photos, detector = load_photos(), OnceDetector()
    shown = {head: np.full((len(split), len(sizes)), -1) for head in classifiers}
    for row, face in enumerate(split.images):
        for column, side in enumerate(sizes):
            random = np.random.default_rng([seed, int(split.rows[row]), side])
            scene, bust, camera = draw_background(photos, random), make_bust(face, draw_tint(random)), draw_camera(random)
            pipelines = {head: Pipeline(detector, classifier) for head, classifier in classifiers.items()}
            for take in film(scene, bust, draw_square(side, random), camera, random, frames=frames):
                faces = {head: pipeline.process(take.image, take.time_s) for head, pipeline in pipelines.items()}
            for head, answer in faces.items():
                at = find_face(answer, take.square)
                shown[head][row, column] = -1 if at is None else answer.labels[at]
                if at is not None:
                    sheet.shown[row, column] = compare_squares(square_of(answer.boxes[at].astype(float)), take.square)
            sheet.add(Evidence(row, column, scene, bust, camera, take, random), detector)
        if sys.stderr.isatty() or row % 50 == 49:
            print(f"\r{row + 1:,} of {len(split):,} faces", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return shown


def main() -> None:
    """Paste, film, show and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="studio", help="a name, a run's id or a folder")
    parser.add_argument("--split", default="validation", choices=["validation", "test"], help="test: once, at the very end")
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--frames", type=int, default=FRAMES, help="of each clip, 15 a second; the last one counts")
    parser.add_argument("--sizes", type=lambda text: tuple(map(int, text.split(","))), default=SIZES)
    parser.add_argument("--parts", action="store_true")
    parser.add_argument("--framing", action="store_true")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    model, dataset = load_model(options.model), load_dataset(find_source(None))
    split = choose_rows(dataset.split(options.split), options.rows, np.random.default_rng(options.seed))
    truths = truths_of(dataset, split, model.info.heads)
    classifiers = {head: HeadClassifier(model, head) for head in truths}
    sheet = Sheet(options.parts, options.framing)
    shown = show_all(split, classifiers, sheet, sizes=options.sizes, frames=options.frames, seed=options.seed)
    plain = Classifier(model).predict_heads(split.images)
    for head, classifier in classifiers.items():
        judged = judge(options.sizes, plain[head].argmax(axis=1), shown[head], truths[head])
        print_judged(judged, f"{model.name}, {head} head, {options.split} of {dataset.name}, seed {options.seed}")
        print_parts(sheet, classifier, judged, truths[head])
    print_squares(sheet.shown, options.sizes, "the square of the box shown against the one pasted")
    print_framing(sheet, classifiers, truths, options.sizes)


if __name__ == "__main__":
    main()
