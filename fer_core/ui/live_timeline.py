"""The last minute of every face, as one piece of HTML: ``st.html`` takes SVG out, and text of HTML keeps its size."""

import html

import numpy as np

from fer_core.labels import EMOTION_COLOURS, EMOTIONS
from fer_core.session.timeline import SPAN_S, STEP_S, Lane, Recent
from fer_core.ui.words import percent
from fer_core.vision.ink import BLACK, parse_colour, text_colour

MOST_LANES = 5
JOIN_S = 1.0
"""Readings further apart leave a gap: the face was not seen."""
SHORT = {name: name[0].upper() for name in EMOTIONS} | {"sad": "Sa", "surprise": "Su"}
"""What stands in a piece that is too narrow for the word."""
UNSURE = len(EMOTIONS)
_NAMES = (*EMOTIONS, "unsure")
_SHORT = (*(SHORT[name] for name in EMOTIONS), "?")
_INK = {name: "#000" if text_colour(parse_colour(tone)) == BLACK else "#fff" for name, tone in EMOTION_COLOURS.items()}
_STRIPE = "color-mix(in srgb,currentColor 34%,transparent)"
_HATCH = f"background:repeating-linear-gradient(135deg,{_STRIPE} 0 2px,transparent 2px 6px);border:1px solid {_STRIPE}"
_LOOKS = (*(f"background:{EMOTION_COLOURS[name]};color:{_INK[name]}" for name in EMOTIONS), _HATCH)
_TRACK_PX = 340
"""Width of a lane in a panel of 420 px; the words in it are chosen to fit there."""
_LETTER_PX, _PAD_PX = 6.6, 3
_GRID = "display:grid;grid-template-columns:3.4rem 1fr;gap:0.3rem 0.6rem;align-items:center"
_TRACK = "position:relative;height:1.35rem;background:color-mix(in srgb,currentColor 8%,transparent);border-radius:4px"
_CENTRED = "text-align:center;white-space:nowrap;overflow:hidden;box-sizing:border-box"
_PIECE = f"position:absolute;top:0;bottom:0;line-height:1.35rem;{_CENTRED}"
_KEY = f"min-width:1.3rem;height:1.1rem;line-height:1.1rem;border-radius:3px;{_CENTRED}"
_ENTRY = "display:inline-flex;align-items:center;gap:0.3rem"
_TICK = "position:absolute;top:-0.15rem;bottom:-0.15rem;width:2px;margin-left:-1px;background:currentColor;z-index:1"


def timeline_html(recent: Recent) -> str:
    """Draw one lane a face: which emotion was shown when, where it was unsure, and the marks.

    Emotions have a colour and, where there is room, their word or letters; unsure is hatched.

    Args:
        recent: the last minute.
    """
    shown = _chosen(recent.lanes)
    ticks = "".join(_tick(age_s, text) for age_s, text in recent.marks)
    rows = "".join(_row(f"Face {lane.face_id}", _pieces(lane) + ticks) for lane in shown) or _row("No face", ticks)
    body = f'<div style="{_GRID}">{_flags(recent)}{rows}{_axis()}</div>{_legend(shown)}{_more(len(recent.lanes) - len(shown))}'
    label = html.escape(spoken(recent))
    return f'<div class="fer-timeline" role="img" aria-label="{label}" style="font-size:0.75rem">{body}</div>'


def spoken(recent: Recent) -> str:
    """Say what the timeline shows, in words."""
    lanes = [_said(lane) for lane in _chosen(recent.lanes)] or ["no face"]
    text = f"The last {SPAN_S:.0f} seconds: {'; '.join(lanes)}."
    more = len(recent.lanes) - len(lanes)
    text += f" {more} more faces." if more > 0 else ""
    if recent.marks:
        text += " Marked: " + ", ".join(f"{name or 'a moment'} {age_s:.0f} s ago" for age_s, name in recent.marks) + "."
    return text


def pieces(lane: Lane) -> list[tuple[float, float, int]]:
    """Join readings that look alike.

    Args:
        lane: a face's readings.

    Returns:
        (start, end, state) of each piece, in seconds from 60 s ago (0) to now (60); the state is a label, or ``UNSURE``.
    """
    if not len(lane.ages_s):
        return []
    starts = SPAN_S - lane.ages_s
    states = np.where(lane.unsure, UNSURE, lane.labels)
    gaps = np.diff(starts) > JOIN_S
    next_starts = np.append(starts[1:], SPAN_S)
    ends = np.where(np.append(gaps, lane.ages_s[-1] > JOIN_S), starts + STEP_S, next_starts)
    first = np.flatnonzero(np.concatenate([[True], gaps | (np.diff(states) != 0)]))
    last = np.append(first[1:], len(starts)) - 1
    return list(zip(starts[first].tolist(), ends[last].tolist(), states[first].tolist(), strict=True))


def _chosen(lanes: tuple[Lane, ...]) -> list[Lane]:
    """Leave out those in view for the shortest time, where there are too many."""
    best = sorted(lanes, key=lambda lane: (lane.ages_s[-1] > JOIN_S, -len(lane.ages_s)))[:MOST_LANES]
    return sorted(best, key=lambda lane: lane.face_id)


def _row(name: str, content: str) -> str:
    return f'<span style="white-space:nowrap">{name}</span><span style="{_TRACK}">{content}</span>'


def _pieces(lane: Lane) -> str:
    return "".join(_piece(*piece) for piece in pieces(lane))


def _piece(start: float, end: float, state: int) -> str:
    """Draw a piece with its word or letters; one too narrow for them says it when pointed at."""
    room = ((end - start) / SPAN_S * _TRACK_PX - _PAD_PX) / _LETTER_PX
    word = next((text for text in (_NAMES[state], _SHORT[state]) if len(text) <= room), "")
    title = "" if word else f' title="{_NAMES[state]}"'
    return f'<span style="{_PIECE};left:{_share(start)};width:{_share(end - start)};{_LOOKS[state]}"{title}>{word}</span>'


def _tick(age_s: float, text: str) -> str:
    return f'<span style="{_TICK};left:{_share(SPAN_S - age_s)}" title="{html.escape(text)}"></span>'


def _flags(recent: Recent) -> str:
    """Point at the marks from above the lanes, so that they are seen on any colour."""
    if not recent.marks:
        return ""
    style = "position:absolute;bottom:0;width:1rem;margin-left:-0.5rem;text-align:center"
    flags = "".join(f'<span style="{style};left:{_share(SPAN_S - age_s)}">▾</span>' for age_s, _ in recent.marks)
    return f'<span>Marks</span><span style="position:relative;height:0.8rem">{flags}</span>'


def _axis() -> str:
    labels = (("−60 s", "left:0"), ("−45", _middle(15)), ("−30", _middle(30)), ("−15", _middle(45)), ("now", "right:0"))
    spans = "".join(f'<span style="position:absolute;{place}">{text}</span>' for text, place in labels)
    return f'<span></span><span style="position:relative;height:1rem;opacity:0.75">{spans}</span>'


def _middle(seconds: float) -> str:
    return f"left:{_share(seconds)};width:3rem;margin-left:-1.5rem;text-align:center"


def _legend(lanes: list[Lane]) -> str:
    """Name the colours and letters that are to be seen."""
    states = sorted({state for lane in lanes for _, _, state in pieces(lane)})
    entries = "".join(
        f'<span style="{_ENTRY}"><span style="{_KEY};{_LOOKS[state]}">{_SHORT[state]}</span>{_NAMES[state]}</span>'
        for state in states
    )
    return f'<div style="display:flex;flex-wrap:wrap;gap:0.3rem 0.8rem;margin-top:0.5rem">{entries}</div>' if states else ""


def _more(faces: int) -> str:
    return f'<div style="margin-top:0.4rem;opacity:0.75">and {faces} more</div>' if faces > 0 else ""


def _said(lane: Lane) -> str:
    states = np.where(lane.unsure, UNSURE, lane.labels)
    counts = np.bincount(states, minlength=UNSURE + 1)
    most = [state for state in np.argsort(-counts, kind="stable")[:3] if counts[state]]
    seen = ", ".join(f"{_NAMES[state]} {percent(counts[state] / len(states), 0)}" for state in most)
    age_s = float(lane.ages_s[-1])
    now = f"now {_NAMES[states[-1]]}" if age_s <= JOIN_S else f"last seen {age_s:.0f} s ago"
    return f"face {lane.face_id} {now}, {seen}"


def _share(seconds: float) -> str:
    return f"{100 * seconds / SPAN_S:.2f}%"
