"""One PNG or JPEG to a 48 x 48 gray face."""

import numpy as np

from fer_core.labels import IMAGE_SIZE

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"
_JPEG = b"\xff\xd8\xff"
_JPEG_SCAN, _JPEG_END = b"\xff\xda", b"\xff\xd9"
_MOST_PIXELS = 50_000_000


def read_picture(data: bytes) -> tuple[np.ndarray, bool]:
    """Decode a picture; another size, colour or depth is converted.

    Colours become gray as ITU-R BT.601 weighs them; what is transparent lies on white; EXIF's rotation is applied.

    Returns:
        (48, 48) uint8, and whether anything was converted.

    Raises:
        ValueError: what was expected and what received, without place and remedy.
    """
    import cv2

    width, height = read_size_wh(data)
    if width * height > _MOST_PIXELS:
        raise ValueError(f"expected a picture of at most {_MOST_PIXELS:,} pixels, received {width} x {height}")
    flags = cv2.IMREAD_UNCHANGED if data.startswith(_PNG) else cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH
    end, start = (_PNG_END, _PNG) if data.startswith(_PNG) else (_JPEG_END, _JPEG_SCAN)
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        image = None
    if image is None or data.rfind(end) < data.rfind(start):
        raise ValueError("expected a PNG or JPEG picture, received one that is damaged")
    gray = _to_gray(image)
    if gray.shape != (IMAGE_SIZE, IMAGE_SIZE):
        shrinks = min(gray.shape) >= IMAGE_SIZE
        gray = cv2.resize(gray, (IMAGE_SIZE, IMAGE_SIZE), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return gray, image.shape != (IMAGE_SIZE, IMAGE_SIZE) or image.dtype != np.uint8


def read_size_wh(data: bytes) -> tuple[int, int]:
    """Width and height as the file's header states them, without decoding it.

    Raises:
        ValueError: the file is neither PNG nor JPEG.
    """
    if data.startswith(_PNG) and len(data) >= 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    at = 2
    while data.startswith(_JPEG) and at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 1 if marker == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise ValueError("expected a PNG or JPEG picture, received a file that is none")


def _to_gray(image: np.ndarray) -> np.ndarray:
    import cv2

    if image.dtype == np.uint16:
        image = (image.astype(np.float32) / 257).round().astype(np.uint8)
    if image.ndim == 2:
        return image
    if image.shape[2] == 4:
        alpha = image[:, :, 3:].astype(np.float32) / 255
        image = (image[:, :, :3] * alpha + 255 * (1 - alpha)).round().astype(np.uint8)
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
