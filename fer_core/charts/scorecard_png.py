"""A score card as a picture: a model's figures with their intervals, and others' below them on the same scale."""

import math
from collections.abc import Sequence
from typing import Protocol

from fer_core.charts.canvas import Canvas, fit, wrap
from fer_core.charts.look import ACCENT

SIZE_WH = (1200, 630)
"""In pixels; the height grows where the text needs it."""
_GROUND, _INK, _QUIET, _LINE, _BAND = "#FCFBF8", "#1F1C18", "#635D54", "#E2DCD1", "#E6E3F7"
_LEFT, _RIGHT, _TOP, _FOOT = 40, 1160, 46, 14
_NOTE_LINE = 16
_PLOT = (312, 662)
_VALUE, _NOTE = 748, 766
_COLUMN, _COLUMNS_TOP = 138, 32
_BODY, _SMALL, _SMALL_LINE = 15, 12.5, 14.5
_ROW, _ROW_PAD, _GAP, _AXIS = 30, 7, 42, 38


class Row(Protocol):
    """One figure, to be drawn as a mark with its interval."""

    @property
    def name(self) -> str:
        """What it is of."""

    @property
    def interval(self) -> tuple[float, float, float]:
        """Value, low and high, 0..1; NaN where there is nothing to draw."""

    @property
    def claimed(self) -> float | None:
        """0..1, where another figure was claimed."""

    @property
    def spelled(self) -> str:
        """The value in words."""

    @property
    def note(self) -> str:
        """What bears on it."""

    @property
    def solid(self) -> bool:
        """Whether the mark is filled."""


class Drawing(Protocol):
    """What is drawn."""

    @property
    def title(self) -> str:
        """The first line."""

    @property
    def facts(self) -> Sequence[str]:
        """Lines below it."""

    @property
    def figures(self) -> Sequence[tuple[str, str, str]]:
        """At the upper right: label, value and interval in words."""

    @property
    def own(self) -> Sequence[Row]:
        """The model's rows."""

    @property
    def band(self) -> tuple[float, float] | None:
        """Low and high of a band behind all rows, 0..1."""

    @property
    def others_title(self) -> str:
        """The line above ``others``."""

    @property
    def others(self) -> Sequence[Row]:
        """Rows to stand beside."""

    @property
    def notes(self) -> Sequence[str]:
        """Sentences at the foot."""


def scorecard_png(drawing: Drawing) -> bytes:
    """Draw a score card.

    Returns:
        A PNG of ``SIZE_WH``, or higher where the text needs it.
    """
    notes = [line for note in drawing.notes for line in wrap(note, _SMALL, _RIGHT - _LEFT)]
    start = _COLUMNS_TOP + 74 + 30
    own, others = (sum(map(_height, rows)) for rows in (drawing.own, drawing.others))
    foot = start + own + _GAP + others + _AXIS
    canvas = Canvas(SIZE_WH[0], max(SIZE_WH[1], math.ceil(foot + _NOTE_LINE * len(notes) + _FOOT)), _GROUND)
    scale = _choose_scale([*drawing.own, *drawing.others])
    band = drawing.band
    _head(canvas, drawing)
    _block(canvas, drawing.own, scale, start, colour=ACCENT, band=band)
    canvas.text(_LEFT, start + own + _GAP - 16, drawing.others_title, size=13, colour=_QUIET)
    _block(canvas, drawing.others, scale, start + own + _GAP, colour=_INK, band=band)
    _axis(canvas, scale, foot - _AXIS)
    for k, line in enumerate(notes):
        canvas.text(_LEFT, foot + _NOTE_LINE * k, line, size=_SMALL, colour=_QUIET)
    return canvas.png()


def _head(canvas: Canvas, drawing: Drawing) -> None:
    left = _RIGHT - _COLUMN * len(drawing.figures)
    canvas.text(_LEFT, _TOP, fit(drawing.title, 28, left - _LEFT - 24), size=28, colour=_INK, bold=True)
    for k, fact in enumerate(drawing.facts):
        canvas.text(_LEFT, _TOP + 30 + 18 * k, fit(fact, 13.5, left - _LEFT - 24), size=13.5, colour=_QUIET)
    for k, (label, value, between) in enumerate(drawing.figures):
        x = left + _COLUMN * k + 14
        canvas.line((x - 14, _COLUMNS_TOP), (x - 14, _COLUMNS_TOP + 74), colour=_LINE)
        canvas.text(x, _COLUMNS_TOP + 8, label, size=13, colour=_QUIET)
        canvas.text(x, _COLUMNS_TOP + 38, value, size=28, colour=ACCENT if k == 0 else _INK, bold=True)
        canvas.text(x, _COLUMNS_TOP + 67, between, size=13, colour=_QUIET)


def _choose_scale(rows: Sequence[Row]) -> tuple[float, float]:
    """Give the ends of the scale, tenths in 0..1, at least three of them, that hold all that is drawn."""
    drawn = [end for row in rows for end in (*row.interval, row.claimed) if end is not None and not math.isnan(end)]
    low, high = math.floor(10 * min(drawn, default=0.5)), math.ceil(10 * max(drawn, default=1.0))
    low = max(min(low, high - 3), 0)
    return low / 10, max(high, low + 3) / 10


def _place(share: float, scale: tuple[float, float]) -> float:
    left, right = _PLOT
    return left + (right - left) * (share - scale[0]) / (scale[1] - scale[0])


def _block(
    canvas: Canvas,
    rows: Sequence[Row],
    scale: tuple[float, float],
    y: float,
    *,
    colour: str,
    band: tuple[float, float] | None,
) -> None:
    """Draw rows from ``y`` on, with the band and the grid behind them."""
    bottom = y + sum(map(_height, rows))
    if band:
        canvas.box(_place(band[0], scale), y, _place(band[1], scale), bottom, colour=_BAND)
    for tenth in _tenths(scale):
        canvas.line((_place(tenth / 10, scale), y), (_place(tenth / 10, scale), bottom), colour=_LINE)
    for row in rows:
        _row(canvas, row, scale, y + _height(row) / 2, colour=colour)
        y += _height(row)


def _axis(canvas: Canvas, scale: tuple[float, float], y: float) -> None:
    for tenth in _tenths(scale):
        canvas.text(_place(tenth / 10, scale), y + 11, f"{10 * tenth} %", size=_SMALL, colour=_QUIET, anchor="mm")


def _tenths(scale: tuple[float, float]) -> range:
    return range(round(10 * scale[0]), round(10 * scale[1]) + 1)


def _height(row: Row) -> float:
    return max(_ROW, _ROW_PAD + _SMALL_LINE * len(wrap(row.note, _SMALL, _RIGHT - _NOTE)))


def _row(canvas: Canvas, row: Row, scale: tuple[float, float], y: float, *, colour: str) -> None:
    value, low, high = row.interval
    canvas.text(_LEFT, y, fit(row.name, _BODY, _PLOT[0] - _LEFT - 14), size=_BODY, colour=colour)
    if row.claimed is not None:
        x = _place(row.claimed, scale)
        canvas.line((_place(value, scale), y), (x, y), colour=_QUIET, width=0.5)
        for sign in (-1, 1):
            canvas.line((x - 4.5, y - 4.5 * sign), (x + 4.5, y + 4.5 * sign), colour=_QUIET, width=1.5)
    if not math.isnan(value):
        if high > low:
            canvas.line((_place(low, scale), y), (_place(high, scale), y), colour=colour, width=2.5)
        canvas.dot(_place(value, scale), y, radius=5.5, colour=colour, solid=row.solid)
    canvas.text(_VALUE, y, row.spelled, size=_BODY, colour=colour, bold=True, anchor="rm")
    lines = wrap(row.note, _SMALL, _RIGHT - _NOTE)
    for k, line in enumerate(lines):
        canvas.text(_NOTE, y + _SMALL_LINE * (k - (len(lines) - 1) / 2), line, size=_SMALL, colour=_QUIET)
