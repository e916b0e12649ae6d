"""From a decoder's frame to planes and back, without copying what need not be copied."""

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange, VideoReformatter

from fer_core.vision.planes import Planes

FORMAT = "yuv420p"


def planes_of(frame: av.VideoFrame) -> Planes:
    """Look at a frame's planes.

    Args:
        frame: of any format and range; yuv420p of limited range, as WebRTC's decoders give it, is not even copied.

    Returns:
        Read-only views, which keep the memory they look at alive: a decoder may still need it, so it must not be written.
    """
    if frame.format.name != FORMAT or frame.color_range == ColorRange.JPEG:
        full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
        src_range = ColorRange.JPEG if full else None
        frame = VideoReformatter().reformat(frame, format=FORMAT, src_color_range=src_range, dst_color_range=ColorRange.MPEG)
    planes = _views(frame)
    for plane in (planes.y, planes.u, planes.v):
        plane.flags.writeable = False
    return planes


def new_frame(size_wh: tuple[int, int], *, like: av.VideoFrame | None = None) -> tuple[av.VideoFrame, Planes]:
    """Make a yuv420p frame to draw into.

    Args:
        size_wh: width and height in pixels.
        like: whose time the new frame takes.

    Returns:
        The frame, its content undefined, and writable views of its planes.
    """
    frame = av.VideoFrame(*size_wh, FORMAT)
    if like is not None:
        frame.pts, frame.time_base = like.pts, like.time_base
    return frame, _views(frame)


def copy_frame(planes: Planes, *, like: av.VideoFrame | None = None, mirror: bool = False) -> tuple[av.VideoFrame, Planes]:
    """Make a yuv420p frame of a picture, to be drawn on.

    Args:
        planes: the picture.
        like: whose time the new frame takes.
        mirror: whether to turn left and right around.

    Returns:
        The frame and writable views of its planes.
    """
    frame, target = new_frame(planes.size_wh, like=like)
    for source, copy in ((planes.y, target.y), (planes.u, target.u), (planes.v, target.v)):
        if mirror:
            cv2.flip(source, 1, dst=copy)
        else:
            np.copyto(copy, source)
    return frame, target


def _views(frame: av.VideoFrame) -> Planes:
    return Planes(
        *(np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width] for plane in frame.planes)
    )
