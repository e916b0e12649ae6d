"""Gray faces as pictures inside a page, and emotions as chips and bars in HTML."""

import base64
import io
from collections.abc import Iterable
from html import escape

import numpy as np
from PIL import Image

from fer_core.labels import EMOTION_COLOURS, EMOTIONS


def to_data_uri(image: np.ndarray) -> str:
    """Write a gray image as PNG into a data: address.

    Args:
        image: (h, w) uint8.
    """
    png = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image)).save(png, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}"


def face(image: np.ndarray, caption: str, alt: str) -> str:
    """Show one face with a caption below it.

    Args:
        image: (48, 48) uint8.
        caption: visible, plain text.
        alt: for those who do not see the picture.
    """
    return (
        f'<figure class="fer-face"><img src="{to_data_uri(image)}" alt="{escape(alt)}" width="48" height="48">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def chip(emotion: str, text: str = "") -> str:
    """Name an emotion beside a spot of its colour; more text may follow."""
    spot = f'<i style="background:{EMOTION_COLOURS[emotion]}"></i>'
    return f'<span class="fer-chip">{spot}{escape(emotion)}{f" <b>{escape(text)}</b>" if text else ""}</span>'


def chips(emotions: Iterable[tuple[str, str]]) -> str:
    """Show several emotions, each with its text, in a row that wraps."""
    return f'<div class="fer-chips">{"".join(chip(emotion, text) for emotion, text in emotions)}</div>'


def share_bar(counts: np.ndarray) -> str:
    """Show each emotion's share as one bar with its names and percents below.

    Args:
        counts: (7,) images of each emotion, in label order; their sum may be 0.
    """
    shares = np.asarray(counts, float) / max(int(np.sum(counts)), 1)
    parts = "".join(
        f'<span style="flex:{share:.5f};background:{EMOTION_COLOURS[emotion]}"></span>'
        for emotion, share in zip(EMOTIONS, shares, strict=True)
        if share
    )
    words = [(emotion, f"{100 * share:.1f} %") for emotion, share in zip(EMOTIONS, shares, strict=True)]
    return f'<div class="fer-bar" role="presentation">{parts}</div>{chips(words)}'
