"""Two real faces cross, the one in front hides the other for about a second: the real detector, the whole pipeline."""

from typing import cast

import numpy as np
import pytest

from fer_core.model import Classifier
from fer_core.vision import Detector, Pipeline
from fer_core.vision.boxes import overlap
from fer_core.vision.planes import Planes
from tests.vision import clips
from tests.vision.fakes import FakeClassifier

HIDDEN_OVERLAP = 0.35
"""Where the true boxes overlap by more, only the face in front can be seen."""


@pytest.mark.parametrize(
    ("back", "front", "kind", "fps"),
    [
        ("collins", "hopper", "cross", 10),
        ("hopper", "collins", "cross", 15),
        ("hopper", "collins", "return", 10),
        ("collins", "lookalike", "cross", 10),
        ("lookalike", "collins", "wait", 15),
        ("collins", "hopper", "return", 5),
    ],
)
def test_pipeline_never_swaps_two_real_faces(detector: Detector, back: str, front: str, kind: str, fps: float) -> None:
    pipeline = Pipeline(detector, cast(Classifier, FakeClassifier()))
    owners: dict[int, str] = {}
    hidden = 0
    for shot in clips.crossing(back, front, fps=fps, kind=kind):
        faces = pipeline.process(Planes.from_bgr(shot.image), shot.time_s)
        near = overlap(shot.boxes[back][None], shot.boxes[front][None])[0, 0] > HIDDEN_OVERLAP
        hidden += near
        for key, box in zip(faces.ids.tolist(), faces.boxes, strict=True):
            shares = {name: overlap(box[None].astype(float), shot.boxes[name][None])[0, 0] for name in (back, front)}
            seen = front if near else max(shares, key=lambda name: shares[name])
            if near and len(faces) == 2:
                continue
            assert owners.setdefault(key, seen) == seen, shot.time_s
    assert sorted(owners) == [1, 2]
    assert hidden >= 0.5 * fps


def test_clips_put_faces_where_the_detector_finds_them(detector: Detector) -> None:
    for name in ("collins", "hopper"):
        for turn, width in ((0.0, 100.0), (0.0, 70.0), (20.0, 150.0)):
            image = clips.background().copy()
            box = clips.paste(image, name, (300.0, 220.0), width, turn)
            found = detector.detect(image)
            assert len(found) == 1
            assert np.abs(found.frames[0] - box).max() < 0.17 * width
