"""Reads a picture that a person gave: any common format, any orientation, and nothing that could fill the memory."""

import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from fer_core.errors import MediaError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
MOST_PIXELS = 64_000_000
LONGEST_SIDE = 4096
"""A picture with a longer side is scaled down to it."""
ORIENTATION_TAG = 0x0112

_REMEDY = "Save it again as PNG or JPEG, or choose another picture."
_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, OverflowError, struct.error, zlib.error)
"""What Pillow raises on files that are no pictures or are damaged."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as read."""

    image: np.ndarray
    """(h, w, 3) BGR uint8, turned as its EXIF says, transparency on white."""
    size_wh: tuple[int, int]
    """The file's own size, turned as its EXIF says; larger than the image's where that was scaled down."""

    @property
    def scale(self) -> float:
        """Pixels of the file a pixel of ``image``: 1.0 or more; boxes times it are boxes in the file."""
        return max(self.size_wh) / float(max(self.image.shape[:2]))

    @property
    def note(self) -> str | None:
        """Say that it was scaled down; None where it was not."""
        height, width = self.image.shape[:2]
        if (width, height) == self.size_wh:
            return None
        return f"Scaled down from {self.size_wh[0]} x {self.size_wh[1]} to {width} x {height} pixels."


def read_image(data: bytes | Path) -> np.ndarray:
    """Read a picture: PNG, JPEG, WebP, BMP, or a GIF's first frame.

    Args:
        data: the file's content, or its path.

    Returns:
        (h, w, 3) BGR uint8 with no side above 4096, turned as its EXIF says, transparency on white.

    Raises:
        MediaError: it is missing, empty, no picture, damaged, or has more than 64 million pixels.
    """
    return read_picture(data).image


def read_picture(data: bytes | Path) -> Picture:
    """Read a picture as ``read_image`` does, and say which size it had.

    Raises:
        MediaError: it is missing, empty, no picture, damaged, or has more than 64 million pixels.
    """
    name = "the picture" if isinstance(data, bytes) else str(data)
    try:
        with Image.open(_source(data, name), formats=FORMATS) as opened:
            size_wh = _check_size(opened, name)
            image = _bgr(_decode(opened))
            turned = _orientation(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise MediaError(_too_large(name, "many more")) from None
    except UnidentifiedImageError:
        raise MediaError(f"{name}: expected PNG, JPEG, WebP, BMP or GIF, received something else. {_REMEDY}") from None
    except _DAMAGE as error:
        raise MediaError(f"{name}: expected a whole picture, received a damaged one ({error}). {_REMEDY}") from None
    return Picture(_turn(image, turned), size_wh[::-1] if turned >= 5 else size_wh)


def _source(data: bytes | Path, name: str) -> Path | io.BytesIO:
    if isinstance(data, Path):
        if not data.is_file():
            raise MediaError(f"{name}: expected a picture's file, received none. Check the path.")
        size = data.stat().st_size
    else:
        size = len(data)
    if not size:
        raise MediaError(f"{name}: expected a picture, received an empty file. {_REMEDY}")
    return io.BytesIO(data) if isinstance(data, bytes) else data


def _check_size(opened: Image.Image, name: str) -> tuple[int, int]:
    width, height = opened.size
    if width * height > MOST_PIXELS:
        raise MediaError(_too_large(name, f"{width} x {height}"))
    return width, height


def _too_large(name: str, received: str) -> str:
    return f"{name}: expected at most {MOST_PIXELS // 1_000_000} million pixels, received {received}. Scale it down first."


def _orientation(opened: Image.Image) -> int:
    try:
        orientation = int(opened.getexif().get(ORIENTATION_TAG, 1))
    except _DAMAGE:
        return 1
    return orientation if 1 <= orientation <= 8 else 1


def _decode(opened: Image.Image) -> Image.Image:
    """Decode and scale down to the longest side; a large JPEG is decoded at half its size or less, to spare memory."""
    width, height = opened.size
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    if scale < 1:
        opened.draft(None, (max(size[0] * 3 // 4, 1), max(size[1] * 3 // 4, 1)))
    opened.load()
    image: Image.Image = opened
    if image.mode in {"P", "PA"} or (image.has_transparency_data and image.mode not in {"RGBA", "LA"}):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    too_large = max(image.size) > LONGEST_SIDE
    return image.resize(size, Image.Resampling.BOX) if too_large else image


def _bgr(image: Image.Image) -> np.ndarray:
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image).astype(np.float32)
        gray = (values / 257 if image.mode != "F" else values).clip(0, 255).astype(np.uint8)
        return cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)
    if image.mode in {"RGBA", "LA"}:
        rgba = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(rgba, mask=rgba)
    return cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR)


def _turn(image: np.ndarray, orientation: int) -> np.ndarray:
    """Turn an image by its EXIF orientation, 1..8."""
    if orientation >= 5:
        image = image.transpose(1, 0, 2)
    flip_rows, flip_columns = {2: (1, -1), 3: (-1, -1), 4: (-1, 1), 6: (1, -1), 7: (-1, -1), 8: (-1, 1)}.get(
        orientation, (1, 1)
    )
    return np.ascontiguousarray(image[::flip_rows, ::flip_columns])
