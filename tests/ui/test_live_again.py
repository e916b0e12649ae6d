"""When lost video starts again by itself, and when it must not."""

import pytest

from fer_core.ui.live_again import FIRST_S, PAUSES_S, PULSE_S, Again


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def lost(clock: Clock) -> Again:
    """Video was on and is not any more, though nobody pressed STOP."""
    again = Again(clock)
    again.step("given", active=True, begun=1)
    assert again.step("given", active=False, begun=1) == "wait"
    return again


def test_lost_video_is_started_after_a_pause_for_a_moment_only(clock):
    again = lost(clock)
    clock.now_s = PAUSES_S[0]
    assert again.step("given", active=False, begun=1) == "start"
    clock.now_s += PULSE_S - 0.1
    assert again.step("given", active=False, begun=1) == "start"
    clock.now_s += 0.2
    assert again.step("given", active=False, begun=1) == "wait"


def test_tries_end_and_are_counted_anew_once_frames_came(clock):
    again = lost(clock)
    starts = 0
    before = "wait"
    for _ in range(400):
        clock.now_s += 0.1
        step = again.step("given", active=False, begun=1)
        starts += step == "start" and before != "start"
        before = step
    assert (starts, before) == (len(PAUSES_S), "given up")
    assert again.step("given", active=True, begun=1) == "rest"
    assert again.step("given", active=False, begun=1) == "given up", "a start without a frame is no success"
    assert again.step("given", active=False, begun=2) == "wait", "frames came and went while nobody looked"


@pytest.mark.parametrize("camera", ["idle", "stopped", "failed"])
def test_nothing_starts_after_stop_a_refused_camera_or_on_a_new_page(clock, camera):
    again = lost(clock)
    clock.now_s = 100.0
    assert again.step(camera, active=False, begun=1) == "rest"
    clock.now_s = 200.0
    assert again.step(camera, active=False, begun=1) == "rest"


def test_question_for_the_camera_holds_tries_back(clock):
    again = lost(clock)
    clock.now_s = PAUSES_S[0]
    assert again.step("given", active=False, begun=1) == "start"
    assert again.step("asking", active=False, begun=1) == "wait"
    assert Again(clock).step("asking", active=False, begun=0) == "rest", "START was pressed for the first time"


def test_video_that_this_session_never_saw_is_given_time_to_begin(clock):
    again = Again(clock)
    assert again.step("given", active=False, begun=1) == "wait"
    clock.now_s = FIRST_S - 0.1
    assert again.step("given", active=False, begun=1) == "wait"
    clock.now_s = FIRST_S
    assert again.step("given", active=False, begun=1) == "start"
