"""Frames that wait for a slow reader."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiortc import MediaStreamTrack
from aiortc.contrib.media import MediaRelay
from aiortc.mediastreams import MediaStreamError

from fer_core.ui.newest_frames import WAITING, NewestFrames, keep_newest
from tests.loops import run
from tests.ui.numbered_frames import NumberedFrames


async def read_slowly(track: MediaStreamTrack, source: NumberedFrames) -> AsyncIterator[int]:
    """Take a first frame, let the source run dry, and take what is left."""
    yield (await track.recv()).pts
    while next_is_there(source):
        await asyncio.sleep(0)
    for _ in range(5):
        await asyncio.sleep(0)
    while True:
        try:
            yield (await track.recv()).pts
        except MediaStreamError:
            return


def next_is_there(source: NumberedFrames) -> bool:
    return source.waiting.__length_hint__() > 0


def read_all(relay: MediaRelay, count: int) -> list[int]:
    async def read() -> list[int]:
        source = NumberedFrames(count)
        return [number async for number in read_slowly(relay.subscribe(source), source)]

    return run(read())


def test_reader_that_falls_behind_gets_the_newest_frame_and_the_end():
    relay = MediaRelay()
    keep_newest(relay)
    assert read_all(relay, 100) == [0, 99]


def test_reader_of_aiortcs_own_relay_falls_behind():
    assert read_all(MediaRelay(), 100) == list(range(100))


@pytest.mark.parametrize("count", [1, WAITING, 50])
def test_queue_keeps_the_newest_in_order(count: int):
    queue = NewestFrames()
    for number in range(count):
        queue.put_nowait(number)
    kept = [queue.get_nowait() for _ in range(queue.qsize())]
    assert kept == list(range(count))[-WAITING:]
