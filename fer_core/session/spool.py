"""Pictures compressed one by one into a file that has no name: nobody else can open it, and it is gone with its holder."""

import os
import shutil
import tempfile
import threading
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from fer_core.errors import MediaError
from fer_core.settings import load_settings
from fer_core.vision.frames import planes_of
from fer_core.vision.planes import Planes

CODEC = "mpeg4"
"""Every picture can be read alone. CPU and size at 640 x 480: mpeg4 1.3 ms, 43 kB; mjpeg 1.7 to 2.6 ms, 43 kB; ffvhuff
0.9 ms, 235 kB; lossless H.264 4.1 ms, 219 kB. At quantiser 3 PSNR is 42.5 dB."""
_OPTIONS = {"g": "1", "qmin": "3", "qmax": "3"}
MOST_SIDE = 1280
"""Larger pictures are kept smaller."""
MOST_BYTES = 500 << 20
FREE_BYTES = 1 << 30
"""What must stay free on the disk."""
_LOOK_EVERY = 50
TIME_BASE = Fraction(1, 1000)


@dataclass(frozen=True)
class Kept:
    """Where one picture lies."""

    time_ms: int
    size_wh: tuple[int, int]
    start: int
    length: int


def clips_dir() -> Path:
    """Give the folder in which pictures are kept for a while."""
    return load_settings().home / "clips"


class Spool:
    """Pictures in order of time; one thread appends, others may read what is there already."""

    def __init__(self, folder: Path) -> None:
        """Open the file.

        Args:
            folder: where; made if missing.

        Raises:
            OSError: it cannot be written to.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.kept: list[Kept] = []
        self.bytes = 0
        self._folder = folder
        self._lock = threading.Lock()
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 (lives as long as the spool)
        self._encoder: av.VideoCodecContext | None = None

    def append(self, picture: Planes | av.VideoFrame, time_s: float) -> None:
        """Compress and write a picture.

        Args:
            picture: of at least 2 x 2 pixels; an odd last row or column is left out.
            time_s: later than the last one's.

        Raises:
            MediaError: there is no room for more, on the disk or of what may be kept.
            OSError: it cannot be written.
        """
        self._check_room()
        packed = pack(picture)
        size_wh = (packed.shape[1], packed.shape[0] * 2 // 3)
        data = self._encode(packed, size_wh)
        self._write(data)
        last_ms = self.kept[-1].time_ms if self.kept else -1
        self.kept.append(Kept(max(round(time_s * 1000), last_ms + 1), size_wh, self.bytes, len(data)))
        self.bytes += len(data)

    def read(self, kept: Kept) -> bytes:
        """Give a picture as it was compressed.

        Raises:
            MediaError: all were deleted.
            OSError: it cannot be read.
        """
        with self._lock:
            if self._file.closed:
                raise MediaError("The video of this recording was deleted. Record again to have one.")
            return os.pread(self._file.fileno(), kept.length, kept.start)

    def close(self) -> None:
        """Delete all."""
        with self._lock:
            self._file.close()

    def _write(self, data: bytes) -> None:
        with self._lock:
            written = 0
            while written < len(data) and not self._file.closed:
                written += os.pwrite(self._file.fileno(), data[written:], self.bytes + written)

    def _check_room(self) -> None:
        if self.bytes >= MOST_BYTES:
            raise MediaError(f"The video is kept up to here: {MOST_BYTES >> 20} MB are the most there are; the numbers go on.")
        if len(self.kept) % _LOOK_EVERY == 0 and shutil.disk_usage(self._folder).free < FREE_BYTES:
            raise MediaError("The video is kept up to here: this machine's disk is nearly full; the numbers go on.")

    def _encode(self, packed: np.ndarray, size_wh: tuple[int, int]) -> bytes:
        if self._encoder is None or (self._encoder.width, self._encoder.height) != size_wh:
            encoder = av.VideoCodecContext.create(CODEC, "w")
            encoder.width, encoder.height = size_wh
            encoder.pix_fmt, encoder.time_base, encoder.thread_count = "yuv420p", TIME_BASE, 1
            encoder.options = _OPTIONS
            self._encoder = encoder
        frame = av.VideoFrame.from_ndarray(packed, format="yuv420p")
        frame.pts, frame.time_base = len(self.kept), TIME_BASE
        return b"".join(bytes(packet) for packet in self._encoder.encode(frame))


def pack(picture: Planes | av.VideoFrame) -> np.ndarray:
    """Copy a picture into one array, made even and small enough.

    Args:
        picture: of at least 2 x 2 pixels.

    Returns:
        (h * 3 / 2, w) uint8, h and w even: the planes one after the other (I420, limited range).
    """
    planes = picture if isinstance(picture, Planes) else planes_of(picture)
    width, height = planes.size_wh
    scale = min(1.0, MOST_SIDE / max(width, height))
    half_wh = (max(int(width * scale) // 2, 1), max(int(height * scale) // 2, 1))
    full_wh = (2 * half_wh[0], 2 * half_wh[1])
    fitted = [
        _fit(plane, wh, shrink=scale < 1) for plane, wh in ((planes.y, full_wh), (planes.u, half_wh), (planes.v, half_wh))
    ]
    return np.concatenate([plane.ravel() for plane in fitted]).reshape(full_wh[1] * 3 // 2, full_wh[0])


def _fit(plane: np.ndarray, size_wh: tuple[int, int], *, shrink: bool) -> np.ndarray:
    return cv2.resize(plane, size_wh, interpolation=cv2.INTER_AREA) if shrink else plane[: size_wh[1], : size_wh[0]]
