"""Gray faces as pictures inside a page, and emotions as chips and bars in HTML."""

import base64
import io
from collections.abc import Iterable
from html import escape

import numpy as np
from PIL import Image

from fer_core.labels import EMOTION_COLOURS, EMOTIONS

_STRONGEST = 0.75


def to_data_uri(image: np.ndarray) -> str:
    """Write a gray image as PNG into a data: address.

    Args:
        image: (h, w) uint8 gray, or (h, w, 3) RGB.
    """
    png = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image)).save(png, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}"


def face(image: np.ndarray, caption: str, alt: str) -> str:
    """Show one face with a caption below it.

    Args:
        image: (48, 48) uint8, or (48, 48, 3) RGB.
        caption: visible, plain text.
        alt: for those who do not see the picture.
    """
    return (
        f'<figure class="fer-face"><img src="{to_data_uri(image)}" alt="{escape(alt)}" width="48" height="48">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def saliency(image: np.ndarray, values: np.ndarray, emotion: str, most: float, caption: str) -> str:
    """Show a face with an emotion's colour where the answer depends on it.

    Args:
        image: (48, 48) uint8.
        values: (48, 48) floats; what is not above 0 stays gray.
        emotion: whose colour.
        most: the value of the strongest colour, so that two maps can be compared.
        caption: visible, plain text.
    """
    colour = np.array([int(EMOTION_COLOURS[emotion][k : k + 2], 16) for k in (1, 3, 5)], float)
    strength = _STRONGEST * np.clip(values / max(most, 1e-9), 0, 1)[..., None]
    shown = np.rint(image[..., None] * (1 - strength) + colour * strength).astype(np.uint8)
    return face(shown, caption, f"Where hiding the face speaks against {emotion}")


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
