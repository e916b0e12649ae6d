"""Plain pictures, clips that keep them, and what a video shows."""

import io
import os

import av
import numpy as np

from fer_core.session import Clip
from fer_core.vision.planes import Planes


def picture(shade: int, *, size_wh: tuple[int, int] = (64, 48)) -> Planes:
    """One shade all over."""
    width, height = size_wh
    half = ((height + 1) // 2, (width + 1) // 2)
    return Planes(np.full((height, width), shade, np.uint8), np.full(half, 90, np.uint8), np.full(half, 160, np.uint8))


def keep(clip: Clip, *pictures: tuple[Planes | av.VideoFrame, float]) -> Clip:
    """Hand over one after the other, each once the last one is kept."""
    for number, (given, time_s) in enumerate(pictures):
        clip.put(given, time_s)
        wait(lambda number=number: clip.progress().frames > number or clip.progress().note)
    return clip


def wait(condition) -> None:
    for _ in range(200_000):
        if condition():
            return
        os.sched_yield()
    raise AssertionError("it did not come about")


def frames_of(data: bytes) -> list[av.VideoFrame]:
    with av.open(io.BytesIO(data)) as file:
        return list(file.decode(video=0))


def times_ms(frames: list[av.VideoFrame]) -> list[int]:
    return [round(frame.pts * frame.time_base * 1000) for frame in frames]
