import numpy as np
import pytest

from fer_core.labels import EMOTIONS
from fer_core.vision.expressions import Expressions
from fer_core.vision.neutral import MOST_SHIFT, NEUTRAL_S, NeutralBaseline, NeutralLook, shift_of

HAPPY, SAD, NEUTRAL = (EMOTIONS.index(name) for name in ("happy", "sad", "neutral"))


def row(sad: float, neutral: float, happy: float) -> np.ndarray:
    """(7,) probabilities; the rest is shared by the other four."""
    probabilities = np.full(7, (1 - sad - neutral - happy) / 4)
    probabilities[[SAD, NEUTRAL, HAPPY]] = sad, neutral, happy
    return probabilities


RESTING = row(0.7, 0.2, 0.02)


def learned(rows: np.ndarray = RESTING, rate: int = 15) -> NeutralBaseline:
    """A baseline that has seen face 1 rest for three seconds."""
    baseline = NeutralBaseline()
    baseline.begin()
    for number in range(round(NEUTRAL_S * rate) + 1):
        baseline.learn(1, [2, 1], np.stack([row(0.0, 0.1, 0.9), rows]), number / rate)
    return baseline


def shifted(baseline: NeutralBaseline, probabilities: np.ndarray, face_id: int = 1) -> np.ndarray:
    expressions = Expressions(0.5)
    expressions.keep([face_id])
    expressions.learn([face_id], probabilities[None], 0.0)
    return expressions.show([face_id], baseline.shifts([face_id]), 0.0)[0][0]


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        (RESTING, NEUTRAL),
        (row(0.6, 0.28, 0.03), NEUTRAL),
        (row(0.97, 0.02, 0.001), SAD),  # a real expression wins, the one that rest resembles too
        (row(0.05, 0.05, 0.85), HAPPY),
        (row(0.3, 0.2, 0.45), HAPPY),
        (row(0.1, 0.8, 0.05), NEUTRAL),
    ],
)
def test_neutral_look_makes_rest_neutral_and_lets_real_expressions_win(seen: np.ndarray, wanted: int) -> None:
    after = shifted(learned(), seen)
    assert after.argmax() == wanted
    assert after.sum() == pytest.approx(1, abs=1e-6)


def test_neutral_look_leaves_neutral_three_times_as_likely_at_rest_as_any_other() -> None:
    after = shifted(learned(), RESTING)
    assert after[NEUTRAL] / np.delete(after, NEUTRAL).max() == pytest.approx(3)
    assert after[NEUTRAL] > 0.5


def test_neutral_look_of_a_face_that_rests_neutrally_changes_nothing() -> None:
    calm = row(0.1, 0.8, 0.05)
    np.testing.assert_allclose(shifted(learned(calm), row(0.3, 0.3, 0.3)), row(0.3, 0.3, 0.3), atol=1e-6)


def test_neutral_look_is_bounded() -> None:
    shift = shift_of(np.log(row(0.999, 1e-4, 1e-4)))
    assert shift[SAD] == -MOST_SHIFT
    assert shift[NEUTRAL] == 0
    assert (shift <= 0).all()


def test_neutral_look_overlooks_a_moments_smile() -> None:
    baseline = NeutralBaseline()
    baseline.begin()
    for number in range(46):
        seen = row(0.02, 0.03, 0.94) if 10 <= number < 20 else RESTING
        baseline.learn(1, [1], seen[None], number / 15)
    np.testing.assert_allclose(baseline.shifts([1]), learned().shifts([1]), atol=1e-9)


def test_neutral_look_says_how_far_it_has_come() -> None:
    baseline = NeutralBaseline()
    assert baseline.look == NeutralLook("off", None, 0.0)
    baseline.begin()
    assert baseline.look == NeutralLook("learning", None, NEUTRAL_S)
    baseline.learn(None, [], np.empty((0, 7)), 9.0)  # nobody in focus yet: the three seconds have not begun
    assert baseline.look == NeutralLook("learning", None, NEUTRAL_S)
    baseline.learn(1, [1], RESTING[None], 10.0)
    baseline.learn(2, [1, 2], np.stack([RESTING, RESTING]), 11.0)  # it stays with the face it began with
    assert baseline.look == NeutralLook("learning", 1, 2.0)
    for time_s in (12.0, 12.5, 13.0):
        assert (baseline.shifts([1]) == 0).all()
        baseline.learn(1, [1], RESTING[None], time_s)
    assert baseline.look == NeutralLook("on", 1, 0.0)
    assert (baseline.shifts([2, 1])[0] == 0).all()
    assert baseline.shifts([2, 1])[1, SAD] < 0


def test_neutral_look_waits_for_readings_of_a_slow_camera() -> None:
    baseline = NeutralBaseline()
    baseline.begin()
    states = []
    for time_s in (0.0, 1.0, 2.0, 3.0, 4.0):
        baseline.learn(1, [1], RESTING[None], time_s)
        states.append(baseline.look.state)
    assert states == ["learning"] * 4 + ["on"]


def test_neutral_look_is_undone_by_one_call_and_when_the_face_is_gone() -> None:
    forgotten, gone = learned(), learned()
    forgotten.forget()
    gone.keep([1, 2])
    assert gone.look.state == "on"
    gone.keep([2])
    for baseline in (forgotten, gone):
        assert baseline.look == NeutralLook("off", None, 0.0)
        np.testing.assert_allclose(shifted(baseline, RESTING), RESTING, atol=1e-6)


def test_neutral_look_can_be_learned_anew() -> None:
    baseline = learned()
    baseline.begin()
    np.testing.assert_allclose(shifted(baseline, RESTING), RESTING, atol=1e-6)
    for number in range(46):
        baseline.learn(2, [2], row(0.1, 0.8, 0.05)[None], number / 15)
    assert baseline.look == NeutralLook("on", 2, 0.0)
