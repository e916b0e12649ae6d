"""A video frame as cameras and codecs hold it: brightness in full, colour at half the resolution (YUV 4:2:0, BT.601)."""

from dataclasses import dataclass

import cv2
import numpy as np

BLACK_LEVEL, WHITE_LEVEL = 16, 235
"""What black and white are in ``y`` of a frame of limited range, as nearly all video has it."""
_TO_FULL = np.clip(np.rint((np.arange(256) - BLACK_LEVEL) * (255 / (WHITE_LEVEL - BLACK_LEVEL))), 0, 255).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Planes:
    """The three planes of a frame, of limited range. Views are welcome: nothing needs to be copied."""

    y: np.ndarray
    """(h, w) uint8: brightness, black at 16 and white at 235."""
    u: np.ndarray
    """((h + 1) // 2, (w + 1) // 2) uint8: blue minus brightness, gray at 128."""
    v: np.ndarray
    """Of the same shape: red minus brightness, gray at 128."""

    @classmethod
    def from_bgr(cls, image: np.ndarray) -> "Planes":
        """Convert an image (h, w, 3) BGR uint8 that is not empty."""
        height, width = image.shape[:2]
        even = cv2.copyMakeBorder(image, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
        packed = cv2.cvtColor(even, cv2.COLOR_BGR2YUV_I420)
        rows, columns = even.shape[:2]
        chroma = packed[rows:].reshape(2, rows // 2, columns // 2)
        return cls(packed[:height, :width], chroma[0], chroma[1])

    def to_bgr(self) -> np.ndarray:
        """Convert to a new (h, w, 3) BGR uint8."""
        rows, columns = 2 * self.u.shape[0], 2 * self.u.shape[1]
        height, width = self.y.shape
        luma = cv2.copyMakeBorder(self.y, 0, rows - height, 0, columns - width, cv2.BORDER_REPLICATE)
        packed = np.concatenate([luma.ravel(), self.u.ravel(), self.v.ravel()]).reshape(rows * 3 // 2, columns)
        return cv2.cvtColor(packed, cv2.COLOR_YUV2BGR_I420)[:height, :width]

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.y.shape[1], self.y.shape[0]

    def part(self, box: tuple[int, int, int, int]) -> "Planes":
        """Give a view of what lies in a box (xyxy) within the frame, whose left and top are even."""
        left, top, right, bottom = box
        half = slice(top // 2, (bottom + 1) // 2), slice(left // 2, (right + 1) // 2)
        return Planes(self.y[top:bottom, left:right], self.u[half], self.v[half])

    def resized(self, size_wh: tuple[int, int]) -> "Planes":
        """Give a copy of another size; halved as long as that is possible, so that it costs little and shows no ripples."""
        width, height = size_wh
        half = ((width + 1) // 2, (height + 1) // 2)
        return Planes(_resize(self.y, size_wh), _resize(self.u, half), _resize(self.v, half))

    def copy(self) -> "Planes":
        """Copy all three, so that they can be drawn on."""
        return Planes(self.y.copy(), self.u.copy(), self.v.copy())

    def take(self, other: "Planes") -> None:
        """Become what another of the same size shows, in place."""
        for mine, theirs in ((self.y, other.y), (self.u, other.u), (self.v, other.v)):
            if mine is not theirs:
                np.copyto(mine, theirs)

    def mirrored(self) -> "Planes":
        """Give a copy as a mirror shows it."""
        return Planes(*(np.ascontiguousarray(plane[:, ::-1]) for plane in (self.y, self.u, self.v)))


def _resize(plane: np.ndarray, size_wh: tuple[int, int]) -> np.ndarray:
    while plane.shape[1] >= 2 * size_wh[0] and plane.shape[0] >= 2 * size_wh[1]:
        plane = cv2.resize(plane, (plane.shape[1] // 2, plane.shape[0] // 2), interpolation=cv2.INTER_AREA)
    resized: np.ndarray = cv2.resize(plane, size_wh, interpolation=cv2.INTER_LINEAR)
    return resized


def size_of(picture: np.ndarray | Planes) -> tuple[int, int]:
    """Give a picture's width and height in pixels.

    Raises:
        ValueError: its shape or dtype is another than (h, w, 3) uint8.
    """
    if isinstance(picture, Planes):
        return picture.size_wh
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
        raise ValueError(f"expected (h, w, 3) uint8, received {picture.shape} {picture.dtype}")
    return picture.shape[1], picture.shape[0]


def to_gray(luma: np.ndarray) -> np.ndarray:
    """Stretch brightness of limited range (any shape, uint8) to 0..255, as ``cv2.COLOR_BGR2GRAY`` would give it."""
    stretched: np.ndarray = cv2.LUT(luma, _TO_FULL)
    return stretched
