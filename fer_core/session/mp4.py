"""The pictures of a recording as an MP4 that browsers play."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator

import av
import numpy as np

from fer_core.errors import MediaError
from fer_core.session.clip import Clip
from fer_core.session.spool import CODEC, TIME_BASE, Kept, Spool, clips_dir

_OPTIONS = {
    "preset": "veryfast",
    "crf": "23",
    "maxrate": "2M",
    "bufsize": "4M",
    "g": "50",
    "bf": "0",
    "x264-params": "colorprim=smpte170m:transfer=smpte170m:colormatrix=smpte170m",
}
"""Without frames that refer forward (``bf``) the file's length is right however far apart the frames are."""
_HEADER_BYTES, _FRAME_BYTES = 4096, 40
"""Room for the index before the pictures: a browser can begin to play at once (faststart needs a second pass for it)."""
_HELD_MS = 1000
_REPORT_EVERY = 25


def make_mp4(
    clip: Clip, *, progress: Callable[[float], None] = lambda share: None, stop: Callable[[], bool] = lambda: False
) -> bytes | None:
    """Make an MP4 (H.264, yuv420p) of a finished clip; the clip stays.

    Each frame is shown at its ``time_s`` in the recording, the first from 0 on, and a pause shows the last frame before it.
    Where pictures were asked for later than a second after the start, times count from the first picture
    (``ClipProgress.first_s``).
    All frames get the size that most have; others are fitted into it with black edges.

    Args:
        clip: takes no more pictures from now on.
        progress: called with the share done, 0..1.
        stop: asked now and then; True gives up.

    Returns:
        The file, 20 MB a minute at most; None where it was stopped.

    Raises:
        MediaError: the clip has no pictures, or the disk is full.
    """
    spool = clip.finished()
    folder = clips_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            if not _write(spool, file, progress, stop):
                return None
            file.seek(0)
            return file.read()
    except (OSError, av.FFmpegError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise MediaError(f"The video could not be made ({why}). Free some of this machine's disk and try again.") from None


def _write(spool: Spool, file: object, progress: Callable[[float], None], stop: Callable[[], bool]) -> bool:
    kept = list(spool.kept)
    start_ms = kept[0].time_ms if kept[0].time_ms > _HELD_MS else 0
    size_wh = Counter(item.size_wh for item in kept).most_common(1)[0][0]
    room = {"moov_size": str(_HEADER_BYTES + _FRAME_BYTES * len(kept))}
    with av.open(file, "w", format="mp4", options=room) as target:
        stream = target.add_stream("libx264", rate=25, options=_OPTIONS)
        stream.width, stream.height = size_wh
        stream.pix_fmt, stream.thread_count = "yuv420p", 1
        stream.time_base = stream.codec_context.time_base = TIME_BASE
        for number, (item, frame) in enumerate(_decode(spool, kept)):
            if number % _REPORT_EVERY == 0:
                if stop():
                    return False
                progress(number / len(kept))
            shown = av.VideoFrame.from_ndarray(_fit(frame, size_wh), format="yuv420p")
            shown.pts, shown.time_base = item.time_ms - start_ms if number else 0, TIME_BASE
            target.mux(stream.encode(shown))
        target.mux(stream.encode(None))
    progress(1.0)
    return True


def _decode(spool: Spool, kept: list[Kept]) -> Iterator[tuple[Kept, av.VideoFrame]]:
    for item in kept:
        decoder = av.VideoCodecContext.create(CODEC, "r")
        for frame in decoder.decode(av.Packet(spool.read(item))) + decoder.decode(None):
            yield item, frame


def _fit(frame: av.VideoFrame, size_wh: tuple[int, int]) -> np.ndarray:
    """Scale a frame into a size with black edges: (h * 3 / 2, w) uint8."""
    width, height = size_wh
    if (frame.width, frame.height) == size_wh:
        return np.asarray(frame.to_ndarray())
    scale = min(width / frame.width, height / frame.height)
    inner_wh = [max(int(side * scale) // 4 * 4, 2) for side in (frame.width, frame.height)]
    inner = frame.reformat(*inner_wh, format="yuv420p")
    canvas = av.VideoFrame(width, height, "yuv420p")
    for plane, source, tone, half in zip(canvas.planes, inner.planes, (16, 128, 128), (1, 2, 2), strict=True):
        whole = np.full((height // half, plane.line_size), tone, np.uint8)
        part = np.frombuffer(source, np.uint8).reshape(source.height, source.line_size)[:, : source.width]
        top, left = (whole.shape[0] - part.shape[0]) // 2, (plane.width - part.shape[1]) // 2
        whole[top : top + part.shape[0], left : left + part.shape[1]] = part
        plane.update(whole)
    return np.asarray(canvas.to_ndarray())
