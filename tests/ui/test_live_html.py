"""The panel beside the video."""

import numpy as np
import pytest

from fer_core.labels import EMOTIONS
from fer_core.ui.live_html import bars_html, faces_html, hints_html, readings_html
from fer_core.ui.live_video import Reading
from fer_core.vision import HINTS, Faces
from tests.ui.faces import make_faces


def test_readings_name_focus_others_and_all_seven_probabilities():
    html = readings_html(Reading(make_faces(3, 0), None, 19.6, 41.2, 0.0))
    assert html.index("happy") < html.index("angry")
    assert all(emotion in html for emotion in EMOTIONS)
    assert html.count("80 %") == 3
    assert "Also here" in html
    assert ">20<" in html
    assert ">41 ms<" in html


@pytest.mark.parametrize(
    ("faces", "said"),
    [(None, ">–<"), (make_faces(), "no face in view"), (make_faces(3, threshold=0.9), ">unsure<"), (make_faces(3), ">happy<")],
)
def test_headline_says_what_is_seen(faces: Faces | None, said: str):
    assert said in faces_html(faces)


def test_bars_are_as_long_as_the_probabilities():
    html = bars_html(np.array([0.5, 0.25, 0.25, 0, 0, 0, 0]))
    assert [html.count(f"width:{width}%") for width in ("50.0", "25.0", "0.0")] == [1, 2, 4]


def test_hints_say_the_two_worst_troubles_in_words():
    html = hints_html(tuple(HINTS)[:3])
    assert [sentence in html for sentence in list(HINTS.values())[:3]] == [True, True, False]
    assert hints_html(()) == ""
