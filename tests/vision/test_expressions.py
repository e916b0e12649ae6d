import numpy as np
import pytest

from fer_core.labels import EMOTIONS
from fer_core.vision.expressions import LONG_LEAD_S, MOST_CLASSIFIED, READ_S, SMOOTHING_S, Expressions

HAPPY, SAD, NEUTRAL = (EMOTIONS.index(name) for name in ("happy", "sad", "neutral"))
NOTHING = np.zeros((1, 7))


def row(happy: float, sad: float) -> np.ndarray:
    """(7,) probabilities; the rest is shared by the other five."""
    probabilities = np.full(7, (1 - happy - sad) / 5)
    probabilities[[HAPPY, SAD]] = happy, sad
    return probabilities


class Face:
    """One face, read as often as its turn comes."""

    def __init__(self, rate: float, threshold: float = 0.5) -> None:
        self.rate, self.frame, self.readings = rate, 0, 0
        self.expressions = Expressions(threshold)
        self.expressions.keep([1])

    def see(self, probabilities: np.ndarray) -> tuple[float, int, bool]:
        """The next frame: its time, and the label and doubt shown."""
        time_s = self.frame / self.rate
        self.frame += 1
        if self.expressions.due([1], time_s):
            self.expressions.learn([1], probabilities[None], time_s)
            self.readings += 1
        self.shown, labels, unsure = self.expressions.show([1], NOTHING, time_s)
        return time_s, int(labels[0]), bool(unsure[0])


@pytest.mark.parametrize("rate", [5, 10, 15, 20, 30])
@pytest.mark.parametrize(("before", "after"), [((0.9, 0.05), (0.05, 0.9)), ((0.6, 0.3), (0.2, 0.7)), ((0.5, 0.3), (0.25, 0.6))])
def test_expressions_show_a_real_change_within_half_a_second(
    rate: float, before: tuple[float, float], after: tuple[float, float]
) -> None:
    face = Face(rate)
    assert {face.see(row(*before))[1] for _ in range(round(2 * rate))} == {HAPPY}
    changed_s = (face.frame - 1) / rate  # it may have changed right after the last frame
    while (shown := face.see(row(*after)))[1] == HAPPY:
        assert shown[0] - changed_s < 2
    assert shown[0] - changed_s <= max(0.5, 3 / rate) + 1e-9
    assert {face.see(row(*after))[1] for _ in range(round(2 * rate))} == {SAD}


@pytest.mark.parametrize("rate", [10, 15, 20, 30])
@pytest.mark.parametrize("happy", [0.44, 0.46, 0.48])
def test_expressions_of_a_still_face_change_at_most_once_a_minute(rate: float, happy: float) -> None:
    random, face, labels, doubts = np.random.default_rng(0), Face(rate), [], []
    for _ in range(300 * rate):
        noise = random.normal(0, 0.04)
        _, label, unsure = face.see(row(happy + noise, 0.92 - happy - noise))
        labels.append(label)
        doubts.append(unsure)
    assert np.count_nonzero(np.diff(labels)) <= 5
    assert np.count_nonzero(np.diff(doubts)) <= 5


def test_expressions_show_a_small_lead_that_lasts() -> None:
    face = Face(20)
    for _ in range(40):
        face.see(row(0.5, 0.4))
    labels = [face.see(row(0.43, 0.47))[1] for _ in range(round(20 * (LONG_LEAD_S + 1)))]
    first = labels.index(SAD) / 20
    assert LONG_LEAD_S < first < LONG_LEAD_S + 0.5
    assert set(labels[labels.index(SAD) :]) == {SAD}


def test_expressions_do_not_change_for_a_moments_lead() -> None:
    face = Face(30)
    for number in range(300):
        flash = number % 60 in (30, 31)
        assert face.see(row(0.2, 0.7) if flash else row(0.7, 0.2))[1] == HAPPY


@pytest.mark.parametrize(
    ("confidences", "wanted"),
    [
        ([0.48], [True]),  # the first reading is judged by the threshold alone
        ([0.52], [False]),
        ([0.52, 0.48], [False, False]),
        ([0.52, 0.46, 0.42, 0.54, 0.58], [False, False, True, True, False]),
    ],
)
def test_expressions_doubt_begins_below_the_threshold_and_ends_above_it(confidences: list[float], wanted: list[bool]) -> None:
    face, doubts = Face(10), []
    for confidence in confidences:
        for _ in range(1 if confidence == confidences[0] else 20):
            unsure = face.see(row(confidence, 0.1))[2]
        doubts.append(unsure)
    assert doubts == wanted


@pytest.mark.parametrize(("rate", "most_share"), [(5, 1.0), (10, 1.0), (15, 1.0), (20, 0.8), (25, 0.65), (30, 0.55)])
def test_expressions_read_a_face_about_fifteen_times_a_second(rate: int, most_share: float) -> None:
    face = Face(rate)
    for _ in range(20 * rate):
        face.see(row(0.9, 0.05))
    assert face.readings / (20 * rate) <= most_share
    assert face.readings >= min(rate, 0.95 / READ_S) * 20 * 0.95


@pytest.mark.parametrize("rate", [5, 15, 30])
def test_expressions_smooth_by_seconds_not_frames(rate: int) -> None:
    face = Face(rate)
    face.see(row(1, 0))
    times = [face.see(row(0, 1))[0] for _ in range(rate)]
    assert face.shown[0, HAPPY] < 0.05
    face = Face(rate)
    for _ in range(4 * rate):
        began_s = face.see(row(1, 0))[0]
    while (time_s := face.see(row(0, 1))[0] - began_s) < SMOOTHING_S - 1e-9:
        pass
    # readings lie up to READ_S back
    assert np.exp(-time_s / SMOOTHING_S) - 1e-6 <= face.shown[0, HAPPY] <= np.exp(-(time_s - READ_S) / SMOOTHING_S)
    assert len(times) == rate


def test_expressions_take_the_first_readings_of_a_face_in_the_mean() -> None:
    expressions = Expressions(0.5)
    expressions.keep([0])
    for number, happy in enumerate((0.9, 0.3, 0.6)):
        assert expressions.due([0], number / 15) == [0]
        expressions.learn([0], row(happy, 1 - happy)[None], number / 15)
    assert expressions.show([0], NOTHING, 2 / 15)[0][0, HAPPY] == pytest.approx(0.6)


def test_expressions_read_a_face_half_as_often_once_it_is_known() -> None:
    expressions = Expressions(0.5)
    expressions.keep([0])
    read = []
    for number in range(60):
        read.append(expressions.due([0], number / 15) == [0])
        if read[-1]:
            expressions.learn([0], row(0.9, 0.05)[None], number / 15)
    assert read[:12] == [True] * 12
    assert sum(read[30:]) == pytest.approx(15, abs=1)


def test_expressions_read_new_faces_first_and_then_in_turn() -> None:
    expressions = Expressions(0.5)
    expressions.keep(list(range(6)))
    turns = []
    for number in range(6):
        due = expressions.due(list(range(6)), number / 20)
        expressions.learn(due, np.tile(row(0.9, 0.05), (len(due), 1)), number / 20)
        turns.append(due)
    assert all(len(turn) <= MOST_CLASSIFIED for turn in turns)
    assert sorted(turns[0] + turns[1]) == [0, 1, 2, 3, 4, 5]
    assert turns[2] == [0, 1, 2, 3]
    expressions.keep([0, 1, 2, 3, 4, 5, 6])
    assert expressions.due(list(range(7)), 6 / 20)[0] == 6


def test_one_reading_of_a_face_that_was_out_of_sight_does_not_undo_what_was_known_and_a_few_do() -> None:
    face = Face(15)
    for _ in range(30):
        face.see(row(0.9, 0.05))
    face.frame += 22
    assert face.see(row(0.2, 0.7))[1] == HAPPY
    assert [label for _, label, _ in (face.see(row(0.2, 0.7)) for _ in range(8))][-1] == SAD


def test_expressions_say_nothing_of_a_face_not_yet_read() -> None:
    expressions = Expressions(0.0)
    expressions.keep([3])
    probabilities, labels, unsure = expressions.show([3], NOTHING, 0.0)
    np.testing.assert_allclose(probabilities, 1 / 7)
    assert (labels.tolist(), unsure.tolist()) == ([NEUTRAL], [True])
    expressions.learn([3], row(0.9, 0.05)[None], 0.0)
    assert expressions.show([3], NOTHING, 0.0)[1].tolist() == [HAPPY]


def test_expressions_of_nobody_are_empty() -> None:
    expressions = Expressions(0.5)
    expressions.keep([])
    probabilities, labels, unsure = expressions.show([], np.empty((0, 7)), 0.0)
    assert (probabilities.shape, labels.shape, unsure.shape) == ((0, 7), (0,), (0,))
    assert expressions.due([], 0.0) == []
