"""Seats and the line before them, on a clock of the test's own."""

import pytest

from fer_core.errors import FerError
from fer_core.settings import load_settings
from fer_core.ui.viewers import AWAY_S, CALLED_S, Viewers
from tests.builders import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


def full_house(clock: Clock, seats: int = 2) -> Viewers:
    viewers = Viewers(seats, clock=clock)
    assert all(viewers.take(f"seated {index}") for index in range(seats))
    return viewers


def wait(viewers: Viewers, clock: Clock, seconds: float, *who: str, seated: tuple[str, ...] = ()) -> None:
    """Let time pass while some stay in touch."""
    for _ in range(int(seconds)):
        clock.now += 1
        for name in seated:
            viewers.take(name)
        for name in who:
            viewers.come(name)


def test_line_is_in_order_of_coming(clock):
    viewers = full_house(clock)
    assert [viewers.come(name) for name in ("a", "b", "c", "a")] == [1, 2, 3, 1]
    assert (viewers.take("b"), viewers.live) == (False, 2)
    viewers.leave("seated 0")
    assert [viewers.come(name) for name in ("b", "a", "c")] == [2, 0, 3]
    assert (viewers.take("b"), viewers.take("a"), viewers.live) == (False, True, 2)
    assert [viewers.come(name) for name in ("b", "c", "a")] == [1, 2, 0]


def test_who_is_seated_keeps_the_seat_while_in_touch(clock):
    viewers = full_house(clock)
    wait(viewers, clock, 60, "a", seated=("seated 0", "seated 1"))
    assert viewers.come("a") == 1
    wait(viewers, clock, AWAY_S + 1, "a", seated=("seated 0",))
    assert (viewers.live, viewers.come("a")) == (1, 0)


def test_who_left_the_line_is_forgotten(clock):
    viewers = full_house(clock)
    assert [viewers.come("a"), viewers.come("b")] == [1, 2]
    wait(viewers, clock, AWAY_S + 1, "b", seated=("seated 0", "seated 1"))
    assert viewers.come("b") == 1
    assert viewers.come("a") == 2


def test_who_is_called_and_does_not_start_gives_way(clock):
    viewers = full_house(clock)
    assert [viewers.come("a"), viewers.come("b")] == [1, 2]
    viewers.leave("seated 0")
    assert [viewers.come("a"), viewers.come("b")] == [0, 2]
    wait(viewers, clock, CALLED_S + 2, "a", "b", seated=("seated 1",))
    assert [viewers.come("b"), viewers.come("a")] == [0, 2]


def test_who_is_called_alone_is_not_sent_away(clock):
    viewers = full_house(clock, 1)
    assert viewers.come("a") == 1
    viewers.leave("seated 0")
    wait(viewers, clock, 3 * CALLED_S, "a")
    assert viewers.come("a") == 0


def test_who_only_looks_takes_no_seat_from_who_starts(clock):
    viewers = Viewers(2, clock=clock)
    assert [viewers.come(name) for name in ("a", "b", "c", "d")] == [0, 0, 0, 0]
    assert [viewers.take(name) for name in ("c", "d", "a")] == [True, True, False]
    assert viewers.come("a") == 1


@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_number_of_seats_must_be_one(monkeypatch, value):
    monkeypatch.setenv("FER_MAX_VIEWERS", value)
    with pytest.raises(FerError, match="FER_MAX_VIEWERS"):
        load_settings()
