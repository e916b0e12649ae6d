"""A block of whole CSV lines to arrays, vectorised; csv_row reads the lines that are not plain."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fer_core.dataset.csv_row import Columns, read_row
from fer_core.dataset.pixel_text import PIXELS, parse_pixels
from fer_core.labels import EMOTIONS, SPLITS, USAGES

_NEWLINE, _RETURN, _COMMA, _SPACE, _QUOTE = b'\n\r, "'


@dataclass(frozen=True, eq=False)
class Block:
    """The rows of consecutive lines.

    Attributes:
        images: (n, 2304) uint8.
        labels: (n,) uint8.
        splits: (n,) uint8, index into SPLITS.
        rows: (n,) int64, which of the block's data rows each one is, from 0.
        faults: (line from 0, what is wrong) of each data row left out, ascending.
        row_count: data rows, those left out included.
        line_count: lines, blank ones included.
    """

    images: np.ndarray
    labels: np.ndarray
    splits: np.ndarray
    rows: np.ndarray
    faults: list[tuple[int, str]]
    row_count: int
    line_count: int


def read_block(data: bytes, columns: Columns) -> Block:
    """Read whole lines; only the last of a file may lack its newline."""
    text = np.frombuffer(data if data.endswith(b"\n") else data + b"\n", np.uint8)
    marks = _find_marks(text)
    starts, ends = _line_bounds(text, marks.newlines)
    filled = np.flatnonzero(ends > starts)
    labels, splits, plain, pixels = _read_plain(text, marks, (starts[filled], ends[filled]), columns)
    images, accepted = parse_pixels(text, *pixels)
    if plain.all() and accepted.all():
        return Block(images, labels, splits, np.arange(len(filled)), [], len(filled), len(starts))
    keep, faults = plain, []
    keep[plain] = accepted
    full = np.zeros((len(filled), PIXELS), np.uint8)
    full[keep] = images[accepted]
    for row in np.flatnonzero(~keep):
        line = int(filled[row])
        try:
            labels[row], splits[row], full[row] = read_row(data[starts[line] : ends[line]], columns)
            keep[row] = True
        except ValueError as error:
            faults.append((line, str(error)))
    return Block(full[keep], labels[keep], splits[keep], np.flatnonzero(keep), faults, len(filled), len(starts))


class _Marks(NamedTuple):
    """Where a text has newlines, commas, quotes, and bytes beyond ASCII."""

    newlines: np.ndarray
    commas: np.ndarray
    quotes: np.ndarray
    beyond: np.ndarray


def _find_marks(text: np.ndarray) -> _Marks:
    """Look once at every byte, then only at the few that are neither digit nor space."""
    places = np.flatnonzero((text - np.uint8(48) > 9) & (text != _SPACE))
    found = text[places]
    return _Marks(places[found == _NEWLINE], places[found == _COMMA], places[found == _QUOTE], places[found > 127])


def _line_bounds(text: np.ndarray, newlines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each line begins and, without its end-of-line mark, ends."""
    ends = newlines
    starts = np.concatenate(([0], ends[:-1] + 1))
    carriage = (ends > starts) & (text[np.maximum(ends - 1, 0)] == _RETURN)
    return starts, ends - carriage


def _read_plain(
    text: np.ndarray, marks: _Marks, lines: tuple[np.ndarray, np.ndarray], columns: Columns
) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Read label and usage where the line is plain, and say where its pixels are.

    Returns:
        labels (n,) uint8, splits (n,) uint8, plain (n,) bool, and the bounds of the plain lines' pixels.
    """
    commas, (starts, ends) = marks.commas, lines
    first = np.searchsorted(commas, starts)
    plain = np.searchsorted(commas, ends) - first == columns.count - 1
    plain &= _between(marks.beyond, starts, ends) == 0
    first, starts, ends = first[plain], starts[plain], ends[plain]

    def field(at: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        begin = commas[first + at - 1] + 1 if at else starts
        return _trim(text, begin, commas[first + at] if at < columns.count - 1 else ends)

    emotion, usage, pixels = field(columns.emotion), field(columns.usage), field(columns.pixels)
    some_labels, some_splits = text[emotion[0]] - np.uint8(48), _match_usage(text, *usage[:2])
    good = (emotion[1] - emotion[0] == 1) & (some_labels < len(EMOTIONS)) & (some_splits < len(SPLITS))
    good &= _between(marks.quotes, starts, ends) == 2 * (emotion[2] + usage[2] + pixels[2])
    labels, splits = np.zeros(len(plain), np.uint8), np.zeros(len(plain), np.uint8)
    labels[plain], splits[plain] = some_labels, some_splits
    plain[plain] = good
    return labels, splits, plain, (pixels[0][good], pixels[1][good])


def _trim(text: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take one space from either end of each field, then a pair of quotes; the third array counts the pairs."""
    starts = starts + ((text[starts] == _SPACE) & (starts < ends))
    ends = ends - ((text[ends - 1] == _SPACE) & (starts < ends))
    quoted = (text[starts] == _QUOTE) & (text[ends - 1] == _QUOTE) & (ends - starts >= 2)
    return starts + quoted, ends - quoted, quoted.astype(np.int64)


def _match_usage(text: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Index into SPLITS of each field, 255 where it is no Usage."""
    splits = np.full(len(starts), 255, np.uint8)
    for usage, split in USAGES.items():
        letters = np.frombuffer(usage.encode(), np.uint8)
        same = np.flatnonzero(ends - starts == len(letters))
        same = same[(text[starts[same, None] + np.arange(len(letters))] == letters).all(axis=1)]
        splits[same] = SPLITS.index(split)
    return splits


def _between(places: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """How many of the ascending places are in each line."""
    return np.searchsorted(places, ends) - np.searchsorted(places, starts)
