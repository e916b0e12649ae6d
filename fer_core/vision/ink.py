"""Colours, and masks of text and rounded shapes with smooth edges, which OpenCV's own fonts and shapes lack."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
"""BGR, 0..255 each."""
BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
_OVERSAMPLING = 4


def parse_colour(text: str) -> Colour:
    """Turn RGB hex such as "#E69F00" into BGR."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return blue, green, red


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast ratio of two colours, 1..21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=64)
def text_colour(background: Colour) -> Colour:
    """Choose black or white, whichever reads better; the ratio is 4.5 or more on any background."""
    return max((BLACK, WHITE), key=lambda colour: contrast(colour, background))


@lru_cache(maxsize=512)
def text_mask(text: str, size: int) -> np.ndarray:
    """Draw a line of text.

    Args:
        text: what to draw.
        size: of the font in pixels.

    Returns:
        (h, w) uint8, 255 where there is ink, read-only; the height is that of the font's tallest letters, whatever the text.
    """
    font = _font(size)
    top, bottom = font.getbbox("Hg")[1], font.getbbox("Hg")[3]
    width = max(int(np.ceil(font.getlength(text))), 1)
    image = Image.new("L", (width, int(bottom - top)))
    ImageDraw.Draw(image).text((0, -top), text, fill=255, font=font)
    return _frozen(image)


@lru_cache(maxsize=256)
def rounded_mask(width: int, height: int, radius: int) -> np.ndarray:
    """Draw a filled rectangle with rounded corners: (height, width) uint8, 255 inside, read-only."""
    scale = _OVERSAMPLING if width * height < 100_000 else 2
    image = Image.new("L", (width * scale, height * scale))
    ImageDraw.Draw(image).rounded_rectangle((0, 0, width * scale - 1, height * scale - 1), radius * scale, fill=255)
    return _frozen(image.resize((width, height), Image.Resampling.BOX))


def _luminance(colour: Colour) -> float:
    values = np.array(colour[::-1]) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _frozen(image: Image.Image) -> np.ndarray:
    mask = np.array(image)
    mask.flags.writeable = False
    return mask
