"""One viewer's video: worked on, sent once, and ended."""

import asyncio
import threading
from typing import Any

import pytest
from aiortc import MediaStreamTrack
from aiortc.contrib.media import MediaRelay
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame
from streamlit_webrtc.sink import MediaSink

from fer_core.ui.live_track import LiveTrack
from fer_core.ui.newest_frames import NewestFramesRelay
from tests.loops import run
from tests.ui.numbered_frames import NumberedFrames


async def read_all(track: MediaStreamTrack) -> list[int]:
    seen = []
    try:
        while True:
            seen.append((await track.recv()).pts)
    except MediaStreamError:
        return seen


def test_track_is_what_streamlit_webrtc_calls_a_sink() -> None:
    assert isinstance(LiveTrack(lambda frame: frame), MediaSink)


def test_every_frame_is_worked_on_once_in_one_thread_and_the_end_is_told_last() -> None:
    told: list[Any] = []
    threads = set()
    ended = threading.Event()

    def work(frame: VideoFrame) -> VideoFrame:
        threads.add(threading.get_ident())
        told.append(frame.pts)
        return frame

    def end() -> None:
        told.append("end")
        ended.set()

    async def watch() -> tuple[list[int], str]:
        track = LiveTrack(work, end)
        track.addTrack(NumberedFrames(20))
        return await read_all(track), track.readyState

    assert run(watch()) == (list(range(20)), "ended")
    assert ended.wait(30)
    assert told == [*range(20), "end"]
    assert threading.get_ident() not in threads
    assert len(threads) == 1


def test_frame_that_cannot_be_worked_on_is_sent_as_it_came(caplog: pytest.LogCaptureFixture) -> None:
    async def watch() -> list[int]:
        track = LiveTrack(lambda frame: 1 / 0)
        track.addTrack(NumberedFrames(3))
        return await read_all(track)

    assert run(watch()) == [0, 1, 2]
    assert "could not be worked on" in caplog.text


def test_work_does_not_hold_up_the_event_loop() -> None:
    free = threading.Event()

    def work(frame: VideoFrame) -> VideoFrame:
        assert free.wait(30)
        return frame

    async def watch() -> int:
        track = LiveTrack(work)
        track.addTrack(NumberedFrames(1))
        reading = asyncio.ensure_future(track.recv())
        for _ in range(100):
            await asyncio.sleep(0)
        assert not reading.done()
        free.set()
        return (await reading).pts

    assert run(watch()) == 0


def test_stopped_track_ends_its_readers_and_leaves_no_task() -> None:
    async def watch() -> tuple[str, int]:
        relay = NewestFramesRelay()
        camera = NumberedFrames(1_000_000)
        track = LiveTrack(lambda frame: frame)
        track.addTrack(relay.subscribe(camera))
        reader = relay.subscribe(track)
        await reader.recv()
        track.stop()
        await read_all(reader)
        camera.stop()
        camera.waiting = iter(())
        for _ in range(100):
            await asyncio.sleep(0)
        return track.readyState, len(asyncio.all_tasks())

    assert run(watch()) == ("ended", 1)


def test_slow_work_gets_the_newest_frame() -> None:
    free = threading.Event()

    def work(frame: VideoFrame) -> VideoFrame:
        assert free.wait(30)
        return frame

    async def watch() -> list[int]:
        relay, camera = NewestFramesRelay(), NumberedFrames(100)
        track = LiveTrack(work)
        track.addTrack(relay.subscribe(camera))
        first = asyncio.ensure_future(track.recv())
        while camera.readyState == "live":
            await asyncio.sleep(0)
        for _ in range(5):
            await asyncio.sleep(0)
        free.set()
        return [(await first).pts, *await read_all(track)]

    assert run(watch()) == [0, 99]


def test_track_without_a_camera_ends() -> None:
    async def watch() -> str:
        track = LiveTrack(lambda frame: frame)
        with pytest.raises(MediaStreamError):
            await track.recv()
        return track.readyState

    assert run(watch()) == "ended"


def test_source_and_sink_of_one_connection_pass_streamlit_webrtcs_checks() -> None:
    track = LiveTrack(lambda frame: frame)
    assert not track.hasTrack()
    track.addTrack(MediaRelay().subscribe(NumberedFrames(1)))
    track.start()
    assert track.hasTrack()
    track.stop()
    assert track.readyState == "ended"
