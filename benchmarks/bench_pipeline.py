"""Measure the video pipeline part by part: one face in a 640 x 480 frame, one thread.

    python benchmarks/bench_pipeline.py [--frames 200] [--models seed,compact]

Prints milliseconds (median and 95th percentile) for each part and for a whole frame, drawing included.
Needs scikit-image, which carries the portrait. `taskset -c 0` before it keeps it on one core.
"""

import argparse
import time
from collections.abc import Callable

import cv2
import numpy as np
from skimage import data

from fer_core.errors import ModelError
from fer_core.model import Classifier, load_model
from fer_core.vision import Detector, Pipeline, crop_faces, draw_faces, recognise

FRAME_S = 1 / 20


def make_frame() -> np.ndarray:
    """The portrait, cut to 4:3 and scaled to a camera's 640 x 480: (480, 640, 3) BGR uint8."""
    portrait = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    return cv2.resize(portrait[:384], (640, 480), interpolation=cv2.INTER_LINEAR)


def measure(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Milliseconds a call: median and 95th percentile, after five calls that do not count."""
    for _ in range(5):
        work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return float(np.median(taken)), float(np.percentile(taken, 95))


def bench_model(name: str, frames: int) -> None:
    """Print a table for one model."""
    frame = make_frame()
    gray = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    detector, classifier = Detector(), Classifier(load_model(name))
    pipeline = Pipeline(detector, Classifier(load_model(name), small=True))
    found = detector.detect(frame)
    crops = crop_faces(gray, found.frames)
    faces = pipeline.process(frame, 0.0)
    clock = iter(np.arange(1, 10 * frames) * FRAME_S)
    parts: dict[str, Callable[[], object]] = {
        "detect": lambda: detector.detect(frame),
        "crop": lambda: crop_faces(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), found.frames),
        "classify": lambda: classifier.predict_probabilities(crops),
        "draw": lambda: draw_faces(frame, faces),
        "whole frame": lambda: draw_faces(frame, pipeline.process(frame, float(next(clock)))),
        "still picture": lambda: recognise(frame, detector, classifier),
    }
    print(f"{name}: {len(faces)} face, {frames} frames, one thread")
    for part, work in parts.items():
        median, high = measure(work, frames if part != "still picture" else max(frames // 10, 5))
        print(f"  {part:14} {median:7.2f} ms   p95 {high:7.2f} ms")


def main() -> None:
    """Bench each model that is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--models", default="seed,compact")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    for name in options.models.split(","):
        try:
            bench_model(name, options.frames)
        except ModelError as error:
            print(f"{name}: left out. {error}")


if __name__ == "__main__":
    main()
