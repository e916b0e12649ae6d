"""The panel beside the live video, as one piece of HTML: cheap to send every two seconds."""

import html

import numpy as np

from fer_core.labels import EMOTION_COLOURS, EMOTIONS
from fer_core.ui.live_video import Reading
from fer_core.ui.words import percent
from fer_core.vision import HINTS, Faces

MOST_HINTS = 2

_TRACK = "background:color-mix(in srgb, currentColor 10%, transparent)"
_NUMBERS = "font-variant-numeric:tabular-nums"


def readings_html(reading: Reading | None) -> str:
    """Build what is seen now and three figures of the video; without a reading all are dashes."""
    return faces_html(reading.faces if reading else None) + _figures(reading)


def hints_html(hints: tuple[str, ...]) -> str:
    """Say what troubles the picture, the worst first, and what to do about it; nothing where nothing does."""
    if not hints:
        return ""
    lines = "".join(f"<li>{html.escape(HINTS[hint])}</li>" for hint in hints[:MOST_HINTS])
    return f'<ul class="fer-hints" role="status">{lines}</ul>'


def faces_html(faces: Faces | None) -> str:
    """Build the headline and seven bars of the face in focus, and name the other faces."""
    focus = faces.focus if faces else None
    probabilities = faces.probabilities[focus] if faces and focus is not None else None
    return _headline(faces, focus) + bars_html(probabilities) + _others(faces, focus)


def bars_html(probabilities: np.ndarray | None) -> str:
    """Draw seven named bars.

    Args:
        probabilities: (7,) float, summing to 1, emotions in FER2013's order; None draws empty bars.
    """
    rows = []
    for index, emotion in enumerate(EMOTIONS):
        share = None if probabilities is None else float(probabilities[index])
        text = "–" if share is None else percent(share, 0)
        bar = f"display:block;height:100%;width:{100 * (share or 0.0):.1f}%;background:{EMOTION_COLOURS[emotion]}"
        rows.append(
            f'<span>{emotion}</span><span style="{_TRACK};border-radius:4px;height:0.7rem;overflow:hidden">'
            f'<span style="{bar}"></span></span><span style="text-align:right;{_NUMBERS}">{text}</span>'
        )
    grid = "display:grid;grid-template-columns:5.2rem 1fr 3.4rem;gap:0.35rem 0.6rem;align-items:center"
    return f'<div class="fer-probabilities" style="{grid}">{"".join(rows)}</div>'


def _headline(faces: Faces | None, focus: int | None) -> str:
    name, note = "–", ""
    if faces is not None and focus is None:
        name = "no face in view"
    elif faces is not None and focus is not None:
        emotion, confidence = faces.emotions[focus], percent(faces.confidences[focus], 0)
        name, note = ("unsure", f"{emotion} {confidence}") if faces.unsure[focus] else (emotion, confidence)
    return (
        '<div style="display:flex;align-items:baseline;gap:0.6rem;margin-bottom:0.7rem">'
        f'<span class="fer-now" style="font-size:1.75rem;font-weight:650;line-height:1.2">{html.escape(name)}</span>'
        f'<span style="opacity:0.75">{html.escape(note)}</span></div>'
    )


def _figures(reading: Reading | None) -> str:
    faces = reading.faces if reading else None
    figures = {
        "Faces in view": str(len(faces.boxes)) if faces else "–",
        "Frames a second": f"{reading.fps:.0f}" if reading else "–",
        "Delay": f"{reading.delay_ms:.0f} ms" if reading else "–",
    }
    cells = "".join(
        f'<div><div style="font-size:0.8rem;opacity:0.75">{name}</div>'
        f'<div style="font-size:1.25rem;{_NUMBERS}">{value}</div></div>'
        for name, value in figures.items()
    )
    grid = "display:grid;grid-template-columns:repeat(3,1fr);gap:0.6rem;margin-top:1rem"
    return f'<div class="fer-figures" style="{grid}">{cells}</div>'


def _others(faces: Faces | None, focus: int | None) -> str:
    if faces is None or len(faces.boxes) < 2:
        return ""
    chips = []
    for index, emotion in enumerate(faces.emotions):
        if index != focus:
            text = "unsure" if faces.unsure[index] else f"{emotion} {percent(faces.confidences[index], 0)}"
            edge = f"border-left:0.35rem solid {EMOTION_COLOURS[emotion]};border-radius:4px;padding:0 0.5rem"
            chips.append(f'<span style="{edge};{_TRACK}">{text}</span>')
    return f'<div style="display:flex;flex-wrap:wrap;gap:0.4rem;margin-top:1rem"><span>Also here</span>{"".join(chips)}</div>'
