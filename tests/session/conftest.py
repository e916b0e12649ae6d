"""A recorder on a clock of the test's own, with clips that keep nothing."""

import pytest

from fer_core.session import Recorder
from tests.builders import Clock
from tests.session.fakes import FakeClip


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def clips() -> list[FakeClip]:
    return []


@pytest.fixture
def recorder(clock: Clock, clips: list[FakeClip]) -> Recorder:
    return Recorder(clock=clock, wall=lambda: 0.0, make_clip=lambda: clips.append(FakeClip()) or clips[-1])
