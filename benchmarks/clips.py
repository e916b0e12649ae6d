"""Clips of pasted faces, and what the benches of the live path share: heads, rows, and which face is which."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.pasting import (
    FRAME_WH,
    Bust,
    Camera,
    draw_background,
    draw_camera,
    draw_tint,
    expose,
    load_photos,
    make_bust,
    paste,
)
from fer_core.dataset import Dataset, Split, find_majority, find_votes, read_votes
from fer_core.model import Classifier, Model, softmax
from fer_core.vision import Detections, Detector, Faces
from fer_core.vision.boxes import overlap
from fer_core.vision.crops import DROP, SIDE

FRAME_S = 1 / 15
SAME_FACE = 0.3
"""A face is the pasted one when its box and the pasted square overlap by this share."""
WANDER = 0.004
"""How far a face that is held still moves from frame to frame, over its side (standard deviation)."""
PULL = 0.02
"""Which share of the way back to its place it goes in each frame."""

Square = tuple[float, float, float]
"""Left, top and side of a face in pixels of the frame."""


class HeadClassifier(Classifier):
    """Answers as the live page does, with a head of one's choice instead of the live one."""

    def __init__(self, model: Model, head: str) -> None:
        super().__init__(replace(model, info=replace(model.info, live_head=head)), small=True)


class OnceDetector(Detector):
    """Looks once at a picture that it is given several times in a row, so that several pipelines may share it."""

    _picture: Any = None
    _found: tuple[Any, Detections]

    def detect(self, picture: Any, **options: Any) -> Detections:
        """Find the faces, as ``Detector`` does."""
        if picture is not self._picture or options != self._found[0]:
            self._found = options, super().detect(picture, **options)
            self._picture = picture
        return self._found[1]


@dataclass(frozen=True, eq=False)
class Take:
    """One frame of a clip."""

    image: np.ndarray
    """(480, 640, 3) BGR uint8."""
    time_s: float
    square: Square
    """Where the face is."""


def film(
    scene: np.ndarray,
    bust: Bust,
    square: Square,
    camera: Camera,
    random: np.random.Generator,
    *,
    frames: int,
    wander: float = WANDER,
) -> Iterator[Take]:
    """Film a face that keeps its place, from which it wanders by so much of its side a frame."""
    place, side = np.array(square[:2]), square[2]
    at, picture = place, paste(scene, bust, square)
    for number in range(frames):
        yield Take(expose(picture, camera, random), number * FRAME_S, (float(at[0]), float(at[1]), side))
        if wander:
            at = at + random.normal(0, wander * side, 2) + PULL * (place - at)
            picture = paste(scene, bust, (float(at[0]), float(at[1]), side))


class Studio:
    """Where the clips are made: backgrounds, faces, camera; all by chance from one seed."""

    def __init__(self, split: Split, seed: int) -> None:
        self.split = split
        self._photos = load_photos()
        self._seed = seed

    def set_up(self, *numbers: int) -> tuple[np.random.Generator, np.ndarray, Camera]:
        """Give a clip's own generator, scene and camera."""
        random = np.random.default_rng([self._seed, *numbers])
        return random, draw_background(self._photos, random), draw_camera(random)

    def bust(self, index: int, random: np.random.Generator) -> Bust:
        """Give a face of the split with its surroundings."""
        return make_bust(self.split.images[index], draw_tint(random))


def draw_square(side: float, random: np.random.Generator) -> Square:
    """Place a face wholly within the frame."""
    left, top = (random.uniform(0, length - side) for length in FRAME_WH)
    return left, top, side


def find_face(faces: Faces | Detections, square: Square, least: float = SAME_FACE) -> int | None:
    """Give the index of the face found where one was pasted; None where it was missed."""
    if not len(faces):
        return None
    left, top, side = square
    shares = overlap(faces.boxes.astype(float), np.array([[left, top, left + side, top + side]]))[:, 0]
    return int(shares.argmax()) if shares.max() >= least else None


def box_of(square: Square) -> np.ndarray:
    """Give the (1, 4) detector's box whose crop would be this square: the inverse of ``face_squares``, unrounded."""
    left, top, side = square
    width = side / SIDE
    start = top + side / 2 - DROP * width
    return np.array([[left + (side - width) / 2, start, left + (side + width) / 2, start + width]])


def square_of(frame: np.ndarray, *, side: float = SIDE, drop: float = DROP) -> Square:
    """Give the square that a detector's box (4,) is framed by, unrounded, with other constants where wanted."""
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    return frame[0] + (1 - side) / 2 * width, frame[1] + drop * height - side * width / 2, side * width


def choose_rows(split: Split, n: int, random: np.random.Generator) -> Split:
    """Draw ``n`` rows of a split, or take all; in their order."""
    drawn = np.sort(random.choice(len(split), min(n, len(split)), replace=False))
    return replace(split, images=np.asarray(split.images)[drawn], labels=split.labels[drawn], rows=split.rows[drawn])


def truths_of(dataset: Dataset, split: Split, heads: list[str]) -> dict[str, np.ndarray]:
    """Give what each head is judged against: (n,) labels 0..6; for a crowd head the votes' majority, -1 where there is none.

    A crowd head is left out where no votes are configured (FERPLUS_CSV).
    """
    truths: dict[str, np.ndarray] = {"label": split.labels.astype(np.int64)}
    source = find_votes(None)
    if "crowd" in heads and source is not None:
        truths["crowd"] = find_majority(read_votes(source, dataset).of(split.rows)).astype(np.int64)
    return truths


def predict_plainly(classifier: Classifier, crops: np.ndarray) -> np.ndarray:
    """Give the probabilities (n, 7) of crops (n, 48, 48) by the classifier's live head."""
    info = classifier.model.info
    return softmax(classifier.predict_logits(crops, info.live_head), info.temperature[info.live_head])
