import json

import numpy as np
import pytest

from fer_core.errors import MediaError
from fer_core.ui.browser_results import read_frames, read_results
from fer_core.vision import NeutralLook
from tests.frontend.node import need_node, pack_in_node
from tests.ui.browser_messages import HAPPY, answer, message, pack_face, pack_frames

MOST_MESSAGE = 1400
"""Bytes; what Streamlit sends around it is some 500."""


def test_frames_come_out_as_they_were_seen():
    frames = read_frames(
        read_results(message(frames=[(0, []), (250, [pack_face(4, label=1, unsure=True), pack_face(9)])])), threshold=0.6
    )
    assert [faces.time_s for faces in frames] == [100.0, 100.25]
    assert len(frames[0]) == 0
    faces = frames[1]
    assert faces.ids.tolist() == [4, 9]
    assert faces.emotions == ("disgust", "happy")
    assert faces.unsure.tolist() == [True, False]
    assert faces.boxes.tolist() == [[10, 20, 110, 130]] * 2
    assert faces.scores == pytest.approx([230 / 255] * 2)
    assert faces.qualities == pytest.approx([200 / 255] * 2)
    assert faces.probabilities[1] == pytest.approx(HAPPY, abs=1e-4)
    assert faces.probabilities.sum(axis=1) == pytest.approx([1, 1])
    assert (faces.threshold, faces.focus_id, faces.hints) == (0.6, 1, ("dark",))


@pytest.mark.parametrize("faces", [0, 1, 3, 40])
def test_what_the_browser_packs_is_read_and_small(faces: int):
    need_node()
    messages = pack_in_node([answer(50 + number / 20, faces) for number in range(60)], recording=True)
    assert max(len(json.dumps(told)) for told in messages) <= MOST_MESSAGE
    results = [read_results(told) for told in messages]
    frames = [frame for told in results for frame in read_frames(told, 0.5)]
    times = [frame.time_s for frame in frames]
    assert times == sorted(set(times))
    assert (times[0], times[-1]) == pytest.approx((50, 50 + 59 / 20)), "what was seen last before STOP is told too"
    assert [told.n for told in results] == list(range(1, len(results) + 1))
    assert results[-1].look == NeutralLook("learning", 1, 2.5)
    assert {len(frame) for frame in frames} == {min(faces, 31)}
    if faces == 1:
        assert np.diff(times) == pytest.approx([0.05] * (len(times) - 1)), "no frame of one face is left out"
        assert frames[0].probabilities[0] == pytest.approx(HAPPY, abs=1e-4)
        assert frames[0].boxes.tolist() == [[10, 20, 110, 130]]


def test_browser_sends_four_frames_a_second_while_nothing_is_recorded():
    need_node()
    messages = pack_in_node([answer(number / 20, 2) for number in range(60)], recording=False)
    frames = [frame for told in messages for frame in read_frames(read_results(told), 0.5)]
    assert len(messages) == 4
    assert len(frames) == pytest.approx(4 * len(messages), abs=2)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        message(n=-1),
        message(size=[0, 480]),
        message(age=float("nan")),
        message(hints=["<script>"]),
        message(neutral=["hacked", None, 0]),
        message(fps=float("inf")),
    ],
)
def test_message_that_is_none_is_refused(value: object):
    with pytest.raises(MediaError, match="expected the numbers of the browser's video"):
        read_results(value)


@pytest.mark.parametrize(
    "frames",
    [
        "not base64!",
        pack_frames([(0, [pack_face(1)])])[:-8],
        pack_frames([(0, [pack_face(1, label=7)])]),
        pack_frames([(0, [pack_face(1), pack_face(1)])]),
        pack_frames([(500, []), (0, [])]),
        pack_frames([(0, [pack_face(1)[:13] + bytes(14)])]),
    ],
    ids=["base64", "cut short", "label", "ids", "order", "probabilities"],
)
def test_frames_that_cannot_be_are_refused(frames: str):
    with pytest.raises(MediaError, match="Reload the page"):
        read_frames(read_results(message() | {"frames": frames}), 0.5)


def test_boxes_end_at_the_pictures_edge():
    told = message(frames=[(0, [pack_face(1, box=(10, 20, 60000, 60000))])])
    assert read_frames(read_results(told), 0.5)[0].boxes.tolist() == [[10, 20, 640, 480]]
