"""Which part of the live path loses what, and how well the crop's square meets the one that was pasted.

Each step is measured on the last frame of each clip, over the faces that the pipeline and the detector found: the image itself;
pasted and cut out again by its true square; then light, noise and JPEG added one by one; then, instead of the true square, the
one that the crop's constants make of the detector's box, without and with the camera's faults; last the whole path.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

from benchmarks.clips import Take, box_of, find_face, predict_plainly, square_of
from benchmarks.pasting import Bust, Camera, expose, paste, without
from fer_core.model import Classifier
from fer_core.vision import Detector, crop_faces
from fer_core.vision.crops import DROP, SIDE

if TYPE_CHECKING:
    from benchmarks.bench_live_path import Judged

TRUE_STEPS = {
    "pasted and cut by the true square": ("light", "noise", "quality"),
    "  and the camera's light": ("noise", "quality"),
    "  and its noise": ("quality",),
    "  and JPEG": (),
}
CLEAN, FOUND = "cut by the square found, no camera's faults", "cut by the square found, all faults"
SIDES = (0.94, 0.97, 1.00, 1.03, 1.06, 1.09, 1.12, 1.16)
DROPS = (0.39, 0.41, 0.428, 0.445, 0.46)


@dataclass(frozen=True, eq=False)
class Evidence:
    """One clip's last frame, and what it was made of."""

    row: int
    column: int
    scene: np.ndarray
    bust: Bust
    camera: Camera
    take: Take
    random: np.random.Generator


@dataclass
class Sheet:
    """Crops of all clips by step and by framing, and the boxes found; gathered only as far as asked for."""

    parts: bool
    framing: bool
    crops: dict[str, dict[tuple[int, int], np.ndarray]] = field(default_factory=dict)
    framed: dict[tuple[float, float], dict[tuple[int, int], np.ndarray]] = field(default_factory=dict)
    offsets: dict[tuple[int, int], np.ndarray] = field(default_factory=dict)
    """(3,) by row and column, of ``compare_squares``: of what one look at the whole frame finds."""
    shown: dict[tuple[int, int], np.ndarray] = field(default_factory=dict)
    """The same of what the pipeline shows."""

    def add(self, evidence: Evidence, detector: Detector) -> None:
        """Cut one clip's last frame in every way."""
        if not (self.parts or self.framing):
            return
        place, square = (evidence.row, evidence.column), evidence.take.square
        gray = _gray(evidence.take.image)
        frame = _find(evidence.take.image, square, detector)
        if frame is not None:
            self.offsets[place] = compare_squares(square_of(frame), square)
            if self.framing:
                for side in SIDES:
                    for drop in DROPS:
                        self.framed.setdefault((side, drop), {})[place] = cut(gray, square_of(frame, side=side, drop=drop))
        if self.parts:
            self._add_parts(evidence, place, gray, frame, detector)

    def _add_parts(
        self, evidence: Evidence, place: tuple[int, int], gray: np.ndarray, frame: np.ndarray | None, detector: Detector
    ) -> None:
        square = evidence.take.square
        pasted = paste(evidence.scene, evidence.bust, square)
        for step, left_out in TRUE_STEPS.items():
            seen = gray if not left_out else _gray(expose(pasted, without(evidence.camera, *left_out), evidence.random))
            self.crops.setdefault(step, {})[place] = cut(seen, square)
        clean = _find(pasted, square, detector)
        if frame is not None and clean is not None:
            self.crops.setdefault(CLEAN, {})[place] = cut(_gray(pasted), square_of(clean))
            self.crops.setdefault(FOUND, {})[place] = cut(gray, square_of(frame))


def cut(gray: np.ndarray, square: tuple[float, float, float]) -> np.ndarray:
    """Cut a square out of a picture with the function that everything uses: (48, 48) uint8."""
    return crop_faces(gray, box_of(square))[0]


def compare_squares(found: tuple[float, float, float], true: tuple[float, float, float]) -> np.ndarray:
    """Give how far right and below of the true square's centre the found one's lies, over its side; and its side over it."""
    right, below = (found[axis] - true[axis] + (found[2] - true[2]) / 2 for axis in (0, 1))
    return np.array([right / true[2], below / true[2], found[2] / true[2]])


def print_parts(sheet: Sheet, classifier: Classifier, judged: "Judged", truth: np.ndarray) -> None:
    """Print the accuracy after each step, and what it lost against the image given directly, over the same faces."""
    if not sheet.parts:
        return
    known = np.flatnonzero(truth >= 0)
    at = {row: index for index, row in enumerate(known.tolist())}
    places = [(row, column) for row, column in sheet.crops.get(FOUND, {}) if row in at and judged.found[at[row], column]]
    rows = np.array([at[row] for row, _ in places], int)
    columns = np.array([column for _, column in places], int)
    if not places:
        return
    right = {"the image itself": judged.plain[rows]}
    for step, crops in sheet.crops.items():
        answers = predict_plainly(classifier, np.stack([crops[place] for place in places])).argmax(axis=1)
        right[step] = answers == truth[known][rows]
    right["the whole live path, all frames"] = judged.right[rows, columns]
    heads = "".join(f"{size:>7}" for size in judged.sizes)
    print(f"  by part, {len(places):,} faces found, points lost against the image itself, by size in pixels")
    print(f"    {'':45}{'accuracy':>9}{'lost':>7}{heads}")
    plain = right["the image itself"]
    for step, values in right.items():
        lost = 100 * (plain.astype(float) - values)
        by_size = "".join(f"{lost[columns == column].mean():7.2f}" for column in range(len(judged.sizes)))
        print(f"    {step:45}{values.mean():9.2%}{lost.mean():7.2f}{by_size}")


def print_framing(
    sheet: Sheet, classifiers: Mapping[str, Classifier], truths: Mapping[str, np.ndarray], sizes: Sequence[int]
) -> None:
    """Print how the squares found lie, and the accuracy with other constants, chosen on half the rows, judged on the rest."""
    if not sheet.offsets:
        return
    print_squares(sheet.offsets, sizes, "the square of one look at the whole frame against the one pasted")
    if sheet.framing:
        for head, classifier in classifiers.items():
            _print_constants(sheet, classifier, truths[head], head)


def print_squares(offsets: Mapping[tuple[int, int], np.ndarray], sizes: Sequence[int], title: str) -> None:
    """Print how squares lie, of ``compare_squares`` by row and column, a line a size."""
    print(f"{title} (SIDE {SIDE}, DROP {DROP}): mean (standard deviation)")
    for column, size in enumerate(sizes):
        part = np.array([offset for place, offset in offsets.items() if place[1] == column])
        if len(part):
            right, below, scale = (f"{m:+.3f} ({s:.3f})" for m, s in zip(part.mean(axis=0), part.std(axis=0), strict=True))
            print(f"  {size:5} px   n {len(part):5,}   right {right}   below {below}   side over side {scale}")


def _print_constants(sheet: Sheet, classifier: Classifier, truth: np.ndarray, head: str) -> None:
    places = [(row, column) for row, column in sheet.offsets if truth[row] >= 0]
    true = truth[[row for row, _ in places]]
    halves = [np.array([row % 2 == half for row, _ in places]) for half in (0, 1)]
    right = {
        constants: predict_plainly(classifier, np.stack([crops[place] for place in places])).argmax(axis=1) == true
        for constants, crops in sheet.framed.items()
    }
    print(f"  accuracy of the {head} head by constants, {len(places):,} faces; columns DROP {'  '.join(map(str, DROPS))}")
    for side in SIDES:
        print(f"    SIDE {side:<6}" + "".join(f"{right[side, drop].mean():9.2%}" for drop in DROPS))
    for half in (0, 1):
        best = max(right, key=lambda constants: right[constants][halves[half]].mean())
        other = halves[1 - half]
        now = right[SIDE, DROP][other].mean()
        gain = 100 * (right[best][other].mean() - now)
        print(
            f"    best on half {half}: SIDE {best[0]}, DROP {best[1]}; on the other {gain:+.2f} points against now ({now:.2%})"
        )


def _find(image: np.ndarray, square: tuple[float, float, float], detector: Detector) -> np.ndarray | None:
    found = detector.detect(image)
    at = find_face(found, square)
    return None if at is None else found.frames[at].astype(np.float64)


def _gray(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
