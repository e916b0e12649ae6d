"""Is the live page steady, and quick? `python -m benchmarks.bench_steady [--model studio] [--only flicker,ids]`.

Clips at 15 frames a second, in stream time and not in real time, of faces from FER2013's validation split (FER2013_CSV)
pasted into 640 x 480 frames, each frame with fresh noise and JPEG (pasting.py). Faces never found are counted.

flicker: a still face; how often the emotion shown changes a minute, how often "unsure" comes or goes, how far the box trembles.
wander: the same of a face that is held as still as people can (clips.py).
reaction: a face becomes another of an emotion that the model knows surely; the time until that is shown.
ids: two faces cross, one before the other; and one face, or both, is covered for a second while the other stays.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np

from benchmarks.clips import (
    FRAME_S,
    WANDER,
    HeadClassifier,
    OnceDetector,
    Square,
    Studio,
    Take,
    choose_rows,
    draw_square,
    film,
    find_face,
    truths_of,
)
from benchmarks.pasting import draw_tint, expose, make_bust, paste
from benchmarks.two_faces import bench_ids
from fer_core.dataset import find_source, load_dataset
from fer_core.model import load_model
from fer_core.vision import Detections, Faces, Pipeline

SIDE = 150.0
LONG_S, SHORT_S = 300.0, 20.0
SURE = 0.9
CHANGE_S, WAIT_S = 1.5, 2.0
FLICKER_GOAL, REACTION_GOAL_S = 1.0, 0.5


@dataclass
class Steadiness:
    """What was shown of still faces.

    Attributes:
        seconds: of each clip.
        changes: of the emotion shown, of each clip.
        doubts: how often "unsure" came or went, of each clip.
        lost: frames without the face, of each clip.
        ids: different ids that the face had, of each clip.
        steps: how far the box's centre moved from one frame to the next, over its width: live and as detected.
    """

    seconds: list[float] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)
    doubts: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    steps: dict[str, list[float]] = field(default_factory=lambda: {"live": [], "detected": []})


def count_changes(values: Sequence[object]) -> int:
    """Count how often a value differs from the one before."""
    return sum(after != before for before, after in pairwise(values))


def watch_still(pipeline: Pipeline, detector: OnceDetector, takes: Iterable[Take], seconds: float, into: Steadiness) -> None:
    """Show one still face for so long; nothing is noted of a face that is never found."""
    labels, unsure, ids, boxes = [], [], set(), {"live": [], "detected": []}
    frames = 0
    for number, take in enumerate(takes):
        frames += 1
        faces = pipeline.process(take.image, take.time_s)
        seen: dict[str, Faces | Detections] = {"live": faces, "detected": detector.detect(take.image)}
        for name, found in seen.items():
            at = find_face(found, take.square)
            if at is not None:
                boxes[name].append((number, *found.boxes[at].tolist()))
        at = find_face(faces, take.square)
        if at is not None:
            labels.append(int(faces.labels[at]))
            unsure.append(bool(faces.unsure[at]))
            ids.add(int(faces.ids[at]))
    if not labels:
        return
    into.seconds.append(seconds)
    into.changes.append(count_changes(labels))
    into.doubts.append(count_changes(unsure))
    into.lost.append(frames - len(labels))
    into.ids.append(len(ids))
    for name, seen_boxes in boxes.items():
        into.steps[name] += measure_steps(seen_boxes)


def measure_steps(boxes: list[tuple[int, ...]]) -> list[float]:
    """Give how far a box's centre moved from a frame to the next, over its width.

    Args:
        boxes: frame, x1, y1, x2, y2 of each; frames without the face are missing.
    """
    steps = []
    for before, after in pairwise(boxes):
        if after[0] == before[0] + 1:
            right, down = ((after[k] + after[k + 2] - before[k] - before[k + 2]) / 2 for k in (1, 2))
            steps.append(float(np.hypot(right, down)) / (before[3] - before[1]))
    return steps


def bench_flicker(studio: Studio, classifier: HeadClassifier, faces: int, *, long: int, wander: float) -> None:
    """Watch some faces for 20 seconds and a few for five minutes; each wanders by so much of its side a frame."""
    detector, steady = OnceDetector(), Steadiness()
    for index in range(faces):
        random, scene, camera = studio.set_up(index)
        square, seconds = draw_square(SIDE, random), LONG_S if index < long else SHORT_S
        bust, frames = studio.bust(index, random), round(seconds / FRAME_S)
        takes = film(scene, bust, square, camera, random, frames=frames, wander=wander)
        watch_still(Pipeline(detector, classifier), detector, takes, seconds, steady)
    name = "wandering" if wander else "still"
    print(f"{name} faces: {len(steady.seconds)} found of {faces}, {sum(steady.seconds) / 60:.1f} minutes of stream")
    if steady.seconds:
        print_steadiness(steady)


def print_steadiness(steady: Steadiness) -> None:
    """Print what changed, and how the box moved."""
    minutes = sum(steady.seconds) / 60
    changes = np.array(steady.changes)
    rates, rate = 60 * changes / np.array(steady.seconds), changes.sum() / minutes
    print(f"  emotion changes a minute {rate:.2f} (goal at most {FLICKER_GOAL:g}: {_judge(rate <= FLICKER_GOAL)}); ", end="")
    print(f"worst face {rates.max():.1f}, above it {(rates > FLICKER_GOAL).sum()} faces, without any {(rates == 0).sum()}")
    long = [count for count, seconds in zip(steady.changes, steady.seconds, strict=True) if seconds == LONG_S]
    if long:
        print(f"  changes in five minutes: {', '.join(map(str, long))}")
    print(f"  unsure comes or goes a minute {sum(steady.doubts) / minutes:.2f}; frames without the face ", end="")
    print(f"{sum(steady.lost) * FRAME_S / minutes / 60:.2%}; faces whose id changed {sum(count > 1 for count in steady.ids)}")
    for name, steps in steady.steps.items():
        if steps:
            median, high = np.percentile(steps, [50, 95])
            print(f"  box {name:9} moves a frame, share of its width: median {median:.2%}, 95th percentile {high:.2%}")


def change_clip(studio: Studio, pair: tuple[int, int], number: int) -> Iterator[tuple[np.ndarray, float, Square]]:
    """A face that becomes another at ``CHANGE_S``: image, time and place."""
    random, scene, camera = studio.set_up(10_000 + number)
    square = draw_square(SIDE, random)
    tint = draw_tint(random)
    before, after = (paste(scene, make_bust(studio.split.images[index], tint), square) for index in pair)
    for frame in range(round((CHANGE_S + WAIT_S) / FRAME_S)):
        time_s = frame * FRAME_S
        yield expose(after if time_s >= CHANGE_S - 1e-6 else before, camera, random), time_s, square


def measure_reaction(shown: Sequence[int | None], times: Sequence[float], new: int) -> float | None:
    """Give the seconds from the change until the new emotion is first shown; None where it never is."""
    start = next(time_s for time_s in times if time_s >= CHANGE_S - 1e-6)
    return next((time_s - start for label, time_s in zip(shown, times, strict=True) if time_s >= start and label == new), None)


def bench_reaction(studio: Studio, classifier: HeadClassifier, truth: np.ndarray, pairs: int) -> None:
    """Change faces and wait until the new emotion is shown."""
    probabilities = classifier.predict_probabilities(studio.split.images)
    sure = np.flatnonzero((probabilities.argmax(axis=1) == truth) & (probabilities.max(axis=1) >= SURE))
    random, detector = np.random.default_rng(0), OnceDetector()
    reactions, other, missed = [], 0, 0
    for number in range(pairs):
        first = int(random.choice(sure))
        second = int(random.choice(sure[truth[sure] != truth[first]]))
        pipeline, shown, times = Pipeline(detector, classifier), [], []
        for image, time_s, square in change_clip(studio, (first, second), number):
            faces = pipeline.process(image, time_s)
            at = find_face(faces, square)
            shown.append(None if at is None else int(faces.labels[at]))
            times.append(time_s)
        before, last = shown[round(CHANGE_S / FRAME_S) - 1], shown[-1]
        reaction = measure_reaction(shown, times, int(truth[second]))
        if before is None or last is None:
            missed += 1
        elif before == truth[second] or reaction is None:
            other += 1
        else:
            reactions.append(reaction)
    print(f"reaction: {pairs} changes to an emotion known surely; never found {missed}, ", end="")
    print(f"not shown within {WAIT_S:g} s or shown before the change {other}")
    if reactions:
        median, high = np.percentile(reactions, [50, 95])
        share = np.mean(np.array(reactions) <= REACTION_GOAL_S + 1e-6)
        print(
            f"  of {len(reactions)}: median {median:.2f} s, 95th percentile {high:.2f} s, longest {max(reactions):.2f} s; ",
            end="",
        )
        print(f"within {REACTION_GOAL_S:g} s {share:.0%} (goal all: {_judge(share == 1)})")


def _judge(met: bool) -> str:
    return "met" if met else "MISSED"


def main() -> None:
    """Run the benches named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="studio", help="a name, a run's id or a folder; its live head is shown")
    parser.add_argument("--only", default="flicker,wander,reaction,ids")
    parser.add_argument("--faces", type=int, default=30, help="still faces")
    parser.add_argument("--long", type=int, default=1, help="how many of them for five minutes")
    parser.add_argument("--pairs", type=int, default=40, help="changes of expression")
    parser.add_argument("--clips", type=int, default=12, help="of two faces, each kind")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    model, dataset = load_model(options.model), load_dataset(find_source(None))
    split = choose_rows(dataset.split("validation"), 1000, np.random.default_rng(options.seed))
    truths = truths_of(dataset, split, model.info.heads)
    head = model.info.live_head if model.info.live_head in truths else "label"
    classifier, studio = HeadClassifier(model, model.info.live_head), Studio(split, options.seed)
    print(f"{model.name}, {model.info.live_head} head, validation of {dataset.name}, seed {options.seed}")
    chosen = options.only.split(",")
    if "flicker" in chosen:
        bench_flicker(studio, classifier, options.faces, long=options.long, wander=0.0)
    if "wander" in chosen:
        bench_flicker(studio, classifier, options.faces, long=0, wander=WANDER)
    if "reaction" in chosen:
        bench_reaction(studio, classifier, truths[head], options.pairs)
    if "ids" in chosen:
        bench_ids(studio, classifier, options.clips)


if __name__ == "__main__":
    main()
