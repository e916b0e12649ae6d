"""FER2013's faces as a camera would see them: pasted onto photographs, lit, moved, with noise and JPEG.

FER2013's images hold the face alone, so what a camera sees around it is made up: the image's outermost pixels go on outwards,
ever more blurred, and fade into the background; below them a neck and shoulders of one tone. Within its square the face is
untouched. What is gray in FER2013 is tinted like skin, at the same brightness.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from fer_core.labels import IMAGE_SIZE

FRAME_WH = (640, 480)
PHOTOS = ("coffee", "rocket", "brick", "grass", "gravel", "clock", "stereo_motorcycle")
"""Photographs of scikit-image without people."""
MARGIN = 48
"""Pixels around the 48 x 48 of a face that are made up."""
FADE = 0.22
"""How far a face goes on beyond its square, over the square's side."""


@dataclass(frozen=True, eq=False)
class Bust:
    """A face with its surroundings, its square in the middle."""

    gray: np.ndarray
    """(144, 144) float32 0..255; the square is ``[48:96, 48:96]``."""
    alpha: np.ndarray
    """(144, 144) float32 0..1: how much of it covers the background; 1 in the square."""
    tint: float
    """0 leaves the face gray, 1 gives it the colour of skin; its brightness stays."""


@dataclass(frozen=True)
class Camera:
    """How a camera sees a scene.

    Attributes:
        gain: brightness is multiplied by it.
        exponent: then, as a share of 255, raised to this power.
        noise: standard deviation of the noise of a pixel's brightness, in gray values; colours have half of it.
        quality: of JPEG, 1..100.
    """

    gain: float = 1.0
    exponent: float = 1.0
    noise: float = 0.0
    quality: int | None = None


def draw_camera(random: np.random.Generator) -> Camera:
    """Draw one of the cameras that people have: somewhat dark or bright, some noise, a JPEG of quality 60 to 95."""
    return Camera(
        gain=random.uniform(0.7, 1.15),
        exponent=random.uniform(0.8, 1.3),
        noise=random.uniform(2, 7),
        quality=int(random.integers(60, 96)),
    )


def draw_tint(random: np.random.Generator) -> float:
    """Draw how strongly a face is coloured; skin varies."""
    return float(random.uniform(0.8, 1.6))


def load_photos() -> list[np.ndarray]:
    """Load the photographs: (h, w, 3) BGR uint8 each."""
    from skimage import data

    images = [getattr(data, name)() for name in PHOTOS]
    images = [image[0] if isinstance(image, tuple) else image for image in images]
    return [cv2.cvtColor(image, cv2.COLOR_GRAY2BGR if image.ndim == 2 else cv2.COLOR_RGB2BGR) for image in images]


def draw_background(photos: list[np.ndarray], random: np.random.Generator) -> np.ndarray:
    """Cut a part out of a photograph, mirrored, lit and out of focus at random; in every sixth case soft blots.

    Returns:
        (480, 640, 3) BGR uint8.
    """
    if not photos or random.random() < 1 / 6:
        blots = random.uniform(30, 225, size=(5, 7, 1)) + random.uniform(-30, 30, size=(5, 7, 3))
        scene = cv2.resize(blots.astype(np.float32), FRAME_WH, interpolation=cv2.INTER_CUBIC)
    else:
        photo = photos[random.integers(len(photos))]
        height, width = photo.shape[:2]
        share = random.uniform(0.6, 1.0) * min(width / FRAME_WH[0], height / FRAME_WH[1])
        part_wh = round(share * FRAME_WH[0]), round(share * FRAME_WH[1])
        left, top = (int(random.integers(whole - part + 1)) for whole, part in zip((width, height), part_wh, strict=True))
        part = photo[top : top + part_wh[1], left : left + part_wh[0]]
        scene = cv2.resize(part[:, :: random.choice([-1, 1])], FRAME_WH, interpolation=cv2.INTER_LINEAR).astype(np.float32)
    dark, bright = random.uniform(0.6, 1.2, size=2)
    ramp = np.linspace(dark, bright, FRAME_WH[0], dtype=np.float32)
    scene = cv2.GaussianBlur(scene * ramp[None, :, None], (0, 0), random.uniform(0.5, 2.5))
    return np.clip(np.rint(scene), 0, 255).astype(np.uint8)


def make_bust(face: np.ndarray, tint: float = 1.0) -> Bust:
    """Make up what surrounds a face (48, 48) uint8, and its colour."""
    gray = cv2.copyMakeBorder(face.astype(np.float32), *(MARGIN,) * 4, cv2.BORDER_REPLICATE)
    soft, softer = (cv2.GaussianBlur(gray, (0, 0), sigma) for sigma in (4, 12))
    x, y = np.meshgrid(*(np.arange(IMAGE_SIZE + 2 * MARGIN, dtype=np.float32) + 0.5,) * 2)
    x, y = (x - MARGIN) / IMAGE_SIZE, (y - MARGIN) / IMAGE_SIZE
    outside = np.hypot(np.maximum(np.abs(x - 0.5) - 0.5, 0), np.maximum(np.abs(y - 0.5) - 0.5, 0))
    near, far = (np.clip(outside / reach, 0, 1) for reach in (0.12, 0.4))
    gray = gray + near * (soft - gray)
    gray = gray + far * (softer - gray)
    alpha = 1 - _smooth(outside / FADE)
    tone = 0.6 * face[-6:, 12:-12].mean()
    shoulders = np.maximum(_inside(x, y, (0.5, 1.0), (0.33, 0.5)), _inside(x, y, (0.5, 1.75), (1.0, 0.6)))
    shoulders = np.where(y > 0.5, shoulders, 0)
    gray = gray + shoulders * _smooth((y - 1.0) / 0.35) * (tone - gray)
    covered = np.maximum(alpha, shoulders * _smooth((2.0 - y) / 0.25))
    return Bust(gray.astype(np.float32), covered.astype(np.float32), tint)


def paste(scene: np.ndarray, bust: Bust, square: tuple[float, float, float]) -> np.ndarray:
    """Paste a face into a scene.

    Args:
        scene: (h, w, 3) BGR uint8.
        bust: from ``make_bust``.
        square: left, top and side of the face's square in pixels of the scene; fractions are kept.

    Returns:
        A new (h, w, 3) BGR uint8.
    """
    left, top, side = square
    scale = side / IMAGE_SIZE
    whole = np.array([left, top, left + side, top + side]) + scale * MARGIN * np.array([-1, -1, 1, 1])
    limits = [scene.shape[1], scene.shape[0]] * 2
    x0, y0, x1, y1 = np.clip([*np.floor(whole[:2]), *np.ceil(whole[2:])], 0, limits).astype(int).tolist()
    # A pixel's centre lies at its number and a half, in the face as in the scene.
    offset = whole[:2] - (x0, y0) + (scale - 1) / 2
    move = np.array([[scale, 0, offset[0]], [0, scale, offset[1]]])
    size_wh = x1 - x0, y1 - y0
    pasted = scene.copy()
    if min(size_wh) > 0:
        gray = cv2.warpAffine(bust.gray, move, size_wh, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        alpha = cv2.warpAffine(bust.alpha, move, size_wh, flags=cv2.INTER_LINEAR)[..., None]
        behind = scene[y0:y1, x0:x1]
        mixed = behind + alpha * (_tint(np.clip(gray, 0, 255), bust.tint) - behind)
        pasted[y0:y1, x0:x1] = np.clip(np.rint(mixed), 0, 255)
    return pasted


def expose(scene: np.ndarray, camera: Camera, random: np.random.Generator) -> np.ndarray:
    """See a scene (h, w, 3) BGR uint8 through a camera: a new one, with fresh noise at each call."""
    values = np.clip(np.arange(256) * camera.gain, 0, 255) / 255
    image = cv2.LUT(scene, np.rint(255 * values**camera.exponent).astype(np.uint8))
    if camera.noise:
        image = cv2.add(image, _draw_noise(image.shape[:2], random) * np.float32(camera.noise), dtype=cv2.CV_8U)
    if camera.quality is None:
        return image
    _, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, camera.quality])
    return cv2.imdecode(coded, cv2.IMREAD_COLOR)


def without(camera: Camera, *parts: str) -> Camera:
    """Give the camera less some of its faults: light, noise, quality."""
    plain: dict[str, dict[str, Any]] = {
        "light": {"gain": 1.0, "exponent": 1.0},
        "noise": {"noise": 0.0},
        "quality": {"quality": None},
    }
    return replace(camera, **{name: value for part in parts for name, value in plain[part].items()})


def _draw_noise(shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    """Cut (h, w, 3) float32 out of a large sheet, mirrored at random: brightness has a deviation of 1, a colour half more."""
    sheet = _noise_sheet()
    top, left = (int(random.integers(whole - part + 1)) for whole, part in zip(sheet.shape, shape, strict=False))
    part = sheet[top : top + shape[0], left : left + shape[1]]
    return part[:: random.choice([-1, 1]), :: random.choice([-1, 1])]


@lru_cache(maxsize=1)
def _noise_sheet() -> np.ndarray:
    random = np.random.default_rng(0)
    height, width = 2 * FRAME_WH[1], 2 * FRAME_WH[0]
    colour = random.standard_normal((height, width, 3), np.float32) / 2
    return colour + random.standard_normal((height, width, 1), np.float32)


def _tint(gray: np.ndarray, tint: float) -> np.ndarray:
    """Colour (h, w) 0..255 like skin at equal brightness (BT.601): (h, w, 3) BGR float32, never out of range."""
    strength = tint * np.minimum(gray, 255 - gray) / 127.5
    red, blue = 34 * strength, -28 * strength
    green = -(0.299 * red + 0.114 * blue) / 0.587
    return np.stack([gray + blue, gray + green, gray + red], axis=-1)


def _smooth(share: np.ndarray) -> np.ndarray:
    share = np.clip(share, 0, 1)
    result: np.ndarray = share * share * (3 - 2 * share)
    return result


def _inside(x: np.ndarray, y: np.ndarray, centre: tuple[float, float], radius: tuple[float, float]) -> np.ndarray:
    """Give 1 within an ellipse, 0 without, and a soft edge between."""
    distance = np.hypot((x - centre[0]) / radius[0], (y - centre[1]) / radius[1])
    return 1 - _smooth((distance - 0.9) / 0.2)
