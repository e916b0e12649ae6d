"""What does a camera of 1280 x 720 gain over 640 x 360? `python -m benchmarks.bench_sharp [--rows 100]`.

Faces of FER2013's validation split (FER2013_CSV) are pasted into one scene, as in bench_live_path.py, which two cameras of one
angle of view film for 0.8 s: one gives four pixels where the other gives one, each with the same noise. What counts is what the
pipeline shows in the last frame, of the live head against what it learned from (FERPLUS_CSV for the crowd's majority).
"""

import argparse

import cv2
import numpy as np

from benchmarks.clips import FRAME_S, HeadClassifier, Square, choose_rows, find_face, truths_of
from benchmarks.pasting import draw_background, draw_camera, draw_tint, expose, load_photos, make_bust, paste
from fer_core.dataset import Split, find_source, load_dataset
from fer_core.model import load_model
from fer_core.ui.live_camera import SHARP_WH
from fer_core.vision import Detector, Pipeline

SIZES = (32, 40, 48, 64, 100)
"""Sides of a face in pixels of the smaller picture."""
PLAIN_WH = (640, 360)
FRAMES = 12


def film_both(split: Split, row: int, side: int, photos: list[np.ndarray]) -> dict[str, tuple[list[np.ndarray], Square]]:
    """Give the frames of both cameras, and where the face is in them."""
    random = np.random.default_rng([int(split.rows[row]), side])
    background = draw_background(photos, random)[: PLAIN_WH[1]]
    bust, camera = make_bust(split.images[row], draw_tint(random)), draw_camera(random)
    left, top = (random.uniform(0, length - 2 * side) for length in SHARP_WH)
    sharp = paste(cv2.resize(background, SHARP_WH, interpolation=cv2.INTER_CUBIC), bust, (left, top, 2 * side))
    plain = cv2.resize(sharp, PLAIN_WH, interpolation=cv2.INTER_AREA)
    squares: dict[str, tuple[np.ndarray, Square]] = {
        "640 x 360": (plain, (left / 2, top / 2, side)),
        "1280 x 720": (sharp, (left, top, 2 * side)),
    }
    return {name: ([expose(image, camera, random) for _ in range(FRAMES)], square) for name, (image, square) in squares.items()}


def main() -> None:
    """Film, show and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="studio")
    parser.add_argument("--rows", type=int, default=100)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    model, dataset = load_model(options.model), load_dataset(find_source(None))
    split, head = choose_rows(dataset.split("validation"), options.rows, np.random.default_rng(0)), model.info.live_head
    truth = truths_of(dataset, split, [head])[head]
    classifier, detector, photos = HeadClassifier(model, head), Detector(), load_photos()
    print(f"{model.name}, {head} head, {(truth >= 0).sum()} faces of validation; %")
    print("  side  camera        found  right of found  right of all")
    for side in SIZES:
        seen: dict[str, list[tuple[bool, bool]]] = {}
        for row in np.flatnonzero(truth >= 0):
            for name, (frames, square) in film_both(split, int(row), side, photos).items():
                pipeline = Pipeline(detector, classifier)
                for number, frame in enumerate(frames):
                    faces = pipeline.process(frame, number * FRAME_S)
                at = find_face(faces, square)
                seen.setdefault(name, []).append((at is not None, at is not None and faces.labels[at] == truth[row]))
        for name, answers in seen.items():
            found, right = np.array(answers).T
            shares = 100 * found.mean(), 100 * right[found].mean(), 100 * right.mean()
            print(
                f"  {side:4}  {name:12}"
                + "".join(f"{share:{wide}.1f}" for share, wide in zip(shares, (7, 16, 14), strict=True))
            )


if __name__ == "__main__":
    main()
