"""The browser's pipeline and the server's, on the same frames."""

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pytest

from fer_core.model import Classifier, load_model
from fer_core.vision import Detector, Faces, Pipeline, Planes, Zoom
from fer_core.vision.boxes import overlap
from tests.frontend.clips import FPS, parity_clips
from tests.frontend.node import need_node, recognise_in_node

LEAST_OVERLAP, MOST_APART, LEAST_SAME = 0.95, 0.02, 0.99


class Parity(NamedTuple):
    """How alike two pipelines are, over all faces that both see."""

    frames: int
    same_faces: float
    """Share of frames in which both see as many."""
    overlap_p1: float
    """First percentile of the boxes' intersection over union."""
    apart_p99: float
    """99th percentile of the largest difference of a probability."""
    same_label: float
    """Share of faces that both call the same."""


def recognise_here(clips: Sequence[Sequence[np.ndarray]], classifier: Classifier) -> list[list[Faces]]:
    seen = []
    for clip in clips:
        pipeline = Pipeline(Detector(), classifier)
        seen.append([pipeline.process(Planes.from_bgr(frame), number / FPS) for number, frame in enumerate(clip)])
    return seen


def compare(here: Sequence[Sequence[Faces]], there: Sequence[Sequence[dict[str, Any]]]) -> Parity:
    shares, apart, same, counts = [], [], [], []
    for faces, seen in zip(chain(*here), chain(*there), strict=True):
        counts.append(len(faces) == len(seen["faces"]))
        if not counts[-1] or not len(faces):
            continue
        common = overlap(faces.boxes.astype(float), np.array([face["box"] for face in seen["faces"]], float))
        for index, row in enumerate(common):
            other = seen["faces"][int(row.argmax())]
            shares.append(row.max())
            apart.append(np.abs(faces.probabilities[index] - np.array(other["probabilities"])).max())
            same.append(faces.labels[index] == other["label"])
    return Parity(
        len(counts),
        float(np.mean(counts)),
        float(np.quantile(shares, 0.01)),
        float(np.quantile(apart, 0.99)),
        float(np.mean(same)),
    )


def most_view_apart(here: Sequence[Sequence[Faces]], there: Sequence[Sequence[dict[str, Any]]]) -> float:
    """By how many pixels the two virtual cameras that follow the face in focus are apart at most."""
    apart = 0.0
    for clip, seen in zip(here, there, strict=True):
        zoom = Zoom()
        for faces, told in zip(clip, seen, strict=True):
            view = zoom.view(faces, (640, 480), faces.time_s, True)
            apart = max(apart, float(np.abs(view - np.array(told["view"])).max()))
    return apart


@pytest.mark.parametrize("name", ["studio"])
def test_browser_sees_what_the_server_sees(name: str):
    need_node()
    model, clips = load_model(name), parity_clips()
    there = recognise_in_node(clips, model, model.browser_path, fps=FPS)
    here = recognise_here(clips, Classifier(model, small=True))
    parity = compare(here, there)
    assert parity.frames == 200
    assert parity.same_faces >= LEAST_SAME, parity
    assert parity.overlap_p1 >= LEAST_OVERLAP, parity
    assert parity.apart_p99 <= MOST_APART, parity
    assert parity.same_label >= LEAST_SAME, parity
    assert most_view_apart(here, there) < 1.0
