"""Does the live page stay silent where nobody is? `python -m benchmarks.bench_empty [--scenes 40] [--seconds 10]`.

Scenes without a face (pasting.py says how they are made), each filmed by a camera with noise, light of its own and JPEG, shown
to the pipeline of the live page. Printed: boxes a frame, the scenes that had any, and how long boxes stayed.
"""

import argparse

import cv2
import numpy as np

from benchmarks.clips import FRAME_S
from benchmarks.pasting import draw_background, draw_camera, expose, load_photos
from fer_core.evaluation import proportion
from fer_core.model import Classifier, load_model
from fer_core.vision import Detector, Pipeline


def main() -> None:
    """Film empty scenes and count what is shown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="studio", help="a name, a run's id or a folder")
    parser.add_argument("--scenes", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    photos, detector, classifier = load_photos(), Detector(), Classifier(load_model(options.model), small=True)
    frames = round(options.seconds / FRAME_S)
    boxes = np.zeros((options.scenes, frames), int)
    for scene in range(options.scenes):
        random = np.random.default_rng([options.seed, scene])
        picture, camera = draw_background(photos, random), draw_camera(random)
        pipeline = Pipeline(detector, classifier)
        for frame in range(frames):
            boxes[scene, frame] = len(pipeline.process(expose(picture, camera, random), frame * FRAME_S))
    share = proportion(int((boxes.sum(axis=1) > 0).sum()), options.scenes)
    print(f"{options.scenes} scenes of {options.seconds:g} s: {boxes.mean():.3f} boxes a frame")
    print(f"scenes with any: {share.value:.0%} ({share.low:.0%} to {share.high:.0%})")
    for scene in np.flatnonzero(boxes.sum(axis=1)):
        first = int(np.argmax(boxes[scene] > 0))
        print(f"  scene {scene}: {boxes[scene].sum() * FRAME_S:.1f} s of boxes, first after {first * FRAME_S:.1f} s")


if __name__ == "__main__":
    main()
