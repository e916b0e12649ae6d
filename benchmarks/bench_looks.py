"""What one look finds and what it takes for a face: `python -m benchmarks.bench_looks [--rows 120] [--scenes 40]`.

Faces of FER2013's validation split (FER2013_CSV) are pasted as in bench_live_path.py, and looked at once in every way that the
live page looks (gaze.py). Then scenes without anybody are filmed for ten seconds, and the pipeline's boxes in them counted.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from benchmarks.clips import Square, Studio, choose_rows, draw_square, film, find_face
from benchmarks.pasting import FRAME_WH, expose
from fer_core.dataset import Split, find_source, load_dataset
from fer_core.model import Classifier, load_model
from fer_core.vision import Detector, Pipeline
from fer_core.vision.boxes import Box
from fer_core.vision.gaze import CLOSE_SIDES, PART_SHARE, SMALL_SHARE
from fer_core.vision.pipeline import KEEP_SCORE
from fer_core.vision.search import FAR_MARGIN
from fer_core.vision.tiles import tile_boxes

SIZES = (60, 100, 200, 300)
SCORES = (0.3, 0.4, 0.5, 0.6)
SECONDS, FPS = 10, 15
NOBODY = 999
"""Tells an empty scene's generator from a face's."""


@dataclass(frozen=True)
class Way:
    """Looks of one kind, of which the best counts."""

    name: str
    boxes: list[Box]


def ways_of(square: Square) -> list[Way]:
    """Give all ways to look at a frame with a face in this square."""
    width, height = FRAME_WH
    margin = round(FAR_MARGIN * max(FRAME_WH))
    whole, far = (0, 0, width, height), (-margin, -margin, width + margin, height + margin)
    parts, small = (tile_boxes(FRAME_WH, (share,)) for share in (PART_SHARE, SMALL_SHARE))
    ways = [Way("whole", [whole]), Way("far", [far]), Way("parts", parts), Way("small parts", small)]
    ways.append(Way("all of these", [whole, far, *parts, *small]))
    return ways + [Way(f"closer, {sides:g} widths", [_about(square, sides)]) for sides in CLOSE_SIDES]


def best_score(image: np.ndarray, boxes: Sequence[Box], square: Square, detector: Detector) -> float:
    """Give the highest score at the place of the face, 0 where no look finds it."""
    best = 0.0
    for box in boxes:
        found = detector.detect(image, box=box, min_score=KEEP_SCORE)
        at = find_face(found, square)
        best = best if at is None else max(best, float(found.scores[at]))
    return best


def print_looks(split: Split, detector: Detector, seed: int) -> None:
    """Print the share of faces that each way gives each score."""
    studio = Studio(split, seed)
    print(f"one frame, {len(split):,} faces a size, % with a score of at least " + ", ".join(map(str, SCORES)))
    for side in SIZES:
        scores: dict[str, list[float]] = {}
        for row in range(len(split)):
            random, scene, camera = studio.set_up(int(split.rows[row]), side)
            bust = studio.bust(row, random)
            take = next(film(scene, bust, draw_square(side, random), camera, random, frames=1))
            for way in ways_of(take.square):
                scores.setdefault(way.name, []).append(best_score(take.image, way.boxes, take.square, detector))
        for name, values in scores.items():
            print(f"  {side:4} px  {name:18}" + "".join(f"{100 * np.mean(np.array(values) >= least):7.1f}" for least in SCORES))


def print_empty(split: Split, detector: Detector, classifier: Classifier, *, scenes: int, seed: int) -> None:
    """Print how many boxes the pipeline shows where nobody is."""
    studio, shares = Studio(split, seed), []
    for number in range(scenes):
        random, scene, camera = studio.set_up(NOBODY, number)
        pipeline = Pipeline(detector, classifier)
        times = np.arange(SECONDS * FPS) / FPS
        shares.append(np.mean([len(pipeline.process(expose(scene, camera, random), float(time_s))) for time_s in times]))
    some = np.array(shares) > 0
    print(
        f"{scenes} empty scenes of {SECONDS} s: {np.mean(shares):.3f} boxes a frame; any in {100 * some.mean():.0f} % of them, "
        f"in half of the frames or more in {100 * np.mean(np.array(shares) >= 0.5):.0f} %"
    )


def _about(square: Square, sides: float) -> Box:
    left, top, side = square
    half = sides / 2 * side
    x, y = left + side / 2, top + side / 2
    return round(x - half), round(y - half), round(x + half), round(y + half)


def main() -> None:
    """Look, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="studio")
    parser.add_argument("--rows", type=int, default=120)
    parser.add_argument("--scenes", type=int, default=40)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    dataset, detector = load_dataset(find_source(None)), Detector()
    split = choose_rows(dataset.split("validation"), options.rows, np.random.default_rng(options.seed))
    print_looks(split, detector, options.seed)
    print_empty(split, detector, Classifier(load_model(options.model), small=True), scenes=options.scenes, seed=options.seed)


if __name__ == "__main__":
    main()
