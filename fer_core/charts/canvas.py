"""A picture drawn with Pillow and the font that comes with it: no browser, no file, no network."""

import io
import re
import unicodedata
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

_SCALE = 2
"""Drawn this much larger and reduced, so that marks and lines are smooth, too."""
_GLYPHS = "±·…’“”"
"""What the font has beside ASCII, of what is likely."""
_COLOURS = 128
_BOLD = 0.02
"""The font has one weight; a stroke of this share of the size makes it bold."""


class Canvas:
    """Draws in pixels of the finished picture; colours are RGB hex."""

    def __init__(self, width: int, height: int, ground: str) -> None:
        self.size_wh = width, height
        self._ground = ground
        self._image = Image.new("RGB", (width * _SCALE, height * _SCALE), ground)
        self._draw = ImageDraw.Draw(self._image)

    def text(self, x: float, y: float, text: str, *, size: float, colour: str, bold: bool = False, anchor: str = "lm") -> None:
        """Write one line; ``anchor`` as Pillow's: by default ``x`` is its left and ``y`` its middle."""
        self._draw.text(
            (x * _SCALE, y * _SCALE),
            drawable(text),
            fill=colour,
            font=_font(size),
            anchor=anchor,
            stroke_width=_BOLD * size * _SCALE if bold else 0,
            stroke_fill=colour,
        )

    def line(self, start: tuple[float, float], end: tuple[float, float], *, colour: str, width: float = 1) -> None:
        """Draw a straight line."""
        points = [(x * _SCALE, y * _SCALE) for x, y in (start, end)]
        self._draw.line(points, fill=colour, width=round(width * _SCALE))

    def box(self, left: float, top: float, right: float, bottom: float, *, colour: str) -> None:
        """Fill a rectangle."""
        self._draw.rectangle([left * _SCALE, top * _SCALE, right * _SCALE, bottom * _SCALE], fill=colour)

    def dot(self, x: float, y: float, *, radius: float, colour: str, solid: bool = True) -> None:
        """Draw a filled circle, or a ring."""
        box = [(x - radius) * _SCALE, (y - radius) * _SCALE, (x + radius) * _SCALE, (y + radius) * _SCALE]
        self._draw.ellipse(box, fill=colour if solid else self._ground, outline=colour, width=2 * _SCALE)

    def png(self) -> bytes:
        """Give the finished picture."""
        kept = io.BytesIO()
        small = self._image.reduce(_SCALE)
        small.quantize(_COLOURS, dither=Image.Dither.NONE).save(kept, "PNG")
        return kept.getvalue()


def drawable(text: str) -> str:
    """Write a text with what the font has: accents go, long dashes become short, what is left becomes "?"."""
    plain = unicodedata.normalize("NFC", " ".join(text.split())).replace("–", "-").replace("—", "-")
    return "".join(_nearest(character) for character in plain)


def fit(text: str, size: float, width: float) -> str:
    """Shorten a line to ``width`` pixels."""
    text = drawable(text)
    if _measure(text, size) <= width:
        return text
    while text and _measure(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


@lru_cache(maxsize=256)
def wrap(text: str, size: float, width: float) -> tuple[str, ...]:
    """Break a text into lines no wider than ``width`` pixels, none before a percent sign; a longer word is shortened."""
    lines: list[str] = []
    for word in re.split(" (?!%)", drawable(text)):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _measure(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(fit(word, size, width))
    return tuple(lines)


def _nearest(character: str) -> str:
    if character.isascii() or character in _GLYPHS:
        return character
    base = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return base or "?"


def _measure(text: str, size: float) -> float:
    return float(_font(size).getlength(text)) / _SCALE


@lru_cache(maxsize=16)
def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size * _SCALE)
