"""How the benches of the live path judge what was shown."""

from typing import cast

import numpy as np
import pytest

from benchmarks.bench_live_path import judge, print_judged
from benchmarks.bench_steady import count_changes, measure_reaction, measure_steps
from benchmarks.clips import Studio
from benchmarks.live_parts import compare_squares
from benchmarks.pasting import Bust, Camera, make_bust
from benchmarks.two_faces import crossing_squares, follow_two, judge_ids
from fer_core.vision import Pipeline


def test_judge_counts_a_missed_face_as_wrong_and_compares_the_same_rows() -> None:
    truth = np.array([0, 1, 2, 3, -1])
    plain = np.array([0, 1, 2, 0, 0])
    shown = np.array([[0, 0], [1, -1], [0, 2], [3, 3], [0, 0]])
    judged = judge((60, 100), plain, shown, truth)
    assert judged.plain.tolist() == [True, True, True, False]
    found, on_found, on_all = judged.losses(np.array([True, False]))
    assert (found, on_found, on_all) == pytest.approx((100, 0, 0))
    found, on_found, on_all = judged.losses(np.array([False, True]))
    assert (found, on_found, on_all) == pytest.approx((75, 100 * (2 / 3 - 1), 0))
    low, high = judged.intervals(np.array([True, True]))
    assert (low <= 0).all()
    assert (high >= 0).all()


def test_judge_of_faces_that_are_never_found_has_nothing_on_those_found() -> None:
    judged = judge((100,), np.array([1, 1]), np.array([[-1], [-1]]), np.array([1, 2]))
    found, on_found, on_all = judged.losses(np.array([True]))
    assert (found, on_all) == (0, 50)
    assert np.isnan(on_found)


def test_print_judged_judges_each_goal_by_size(capsys: pytest.CaptureFixture[str]) -> None:
    shown = np.array([[1, 1]] * 90 + [[1, -1]] * 10)
    print_judged(judge((60, 100), np.ones(100, int), shown, np.ones(100, int)), "tiny")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "tiny, n 100 a size, plain 100.00%"
    assert lines[2].split()[0] == "60"
    assert "MISSED" not in lines[2]
    assert lines[3].startswith("    100    90.0")
    assert (lines[3].count("MISSED"), lines[3].count("met")) == (2, 1)
    assert lines[4].split()[0] == ">=100"


def test_compare_squares_gives_offsets_and_scale_over_the_true_side() -> None:
    assert compare_squares((110.0, 90.0, 120.0), (100.0, 100.0, 100.0)) == pytest.approx([0.2, 0.0, 1.2])


def test_count_changes_counts_each_way() -> None:
    assert [count_changes(values) for values in ([], [1], [1, 1, 2, 2, 1], [True, False])] == [0, 0, 2, 1]


def test_measure_steps_leaves_gaps_out() -> None:
    steps = measure_steps([(0, 0, 0, 100, 100), (1, 3, 4, 103, 104), (3, 50, 50, 150, 150), (4, 50, 50, 150, 150)])
    assert steps == pytest.approx([0.05, 0])


def test_measure_reaction_counts_from_the_change() -> None:
    times = [1.4, 1.5, 1.6, 1.7, 1.8]
    assert measure_reaction([3, 3, 3, 4, 4], times, 4) == pytest.approx(0.2)
    assert measure_reaction([4, 3, 3, 3, 3], times, 4) is None
    assert measure_reaction([3, 4, None, 3, 3], times, 4) == pytest.approx(0)


@pytest.mark.parametrize(
    ("last", "outcome"),
    [((1, 2), "kept"), ((2, 1), "swapped"), ((2, 3), "swapped"), ((1, 3), "new id"), ((None, 2), "not found")],
)
def test_judge_ids_tells_a_swap_from_a_new_id(last: tuple[int | None, int | None], outcome: str) -> None:
    assert judge_ids([(None, None), (1, 2), (None, 2), last], 1) == outcome


def test_crossing_squares_trade_places() -> None:
    first, second = crossing_squares(0, 45)
    assert crossing_squares(44, 45)[0][0] == second[0]
    assert crossing_squares(44, 45)[1][0] == first[0]
    middle = crossing_squares(22, 45)
    assert abs(middle[0][0] - middle[1][0]) < 15


class DarkStudio:
    """Two bright faces before black, seen by a camera without faults."""

    def set_up(self, *numbers: int) -> tuple[np.random.Generator, np.ndarray, Camera]:
        return np.random.default_rng(0), np.zeros((480, 640, 3), np.uint8), Camera()

    def bust(self, index: int, random: np.random.Generator) -> Bust:
        return make_bust(np.full((48, 48), 200, np.uint8), 0.0)


class Looking:
    """A pipeline that finds nothing and remembers whether it was bright at the two places."""

    def __init__(self) -> None:
        self.seen: list[tuple[bool, bool]] = []

    def process(self, image: np.ndarray, time_s: float) -> list[None]:
        self.seen.append((image[220, 120].mean() > 150, image[220, 520].mean() > 150))
        return []


@pytest.mark.parametrize(("kind", "hidden"), [("one covered for 1 s", (False, True)), ("both covered for 1 s", (False, False))])
def test_follow_two_covers_only_the_face_it_should_and_for_a_second(kind: str, hidden: tuple[bool, bool]) -> None:
    pipeline = Looking()
    ids = follow_two(cast(Studio, DarkStudio()), cast(Pipeline, pipeline), (0, 1), kind)
    assert (len(ids), set(ids)) == (45, {(None, None)})
    assert pipeline.seen == [(True, True)] * 15 + [hidden] * 15 + [(True, True)] * 15
