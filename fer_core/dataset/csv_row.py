"""One line of a FER2013 CSV, read carefully: the last word on what the fast reader does not accept."""

import csv
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from fer_core.dataset.pixel_text import PIXELS, parse_pixels
from fer_core.errors import DatasetError
from fer_core.labels import EMOTIONS, SPLITS, USAGES

COLUMNS = ("emotion", "Usage", "pixels")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Columns:
    """How many columns a file has and where the three needed ones are."""

    count: int
    emotion: int
    usage: int
    pixels: int


def read_header(line: bytes, name: str) -> Columns:
    """Find the columns, in any order and with spaces around their names.

    Raises:
        DatasetError: a column is missing or there twice, or the line is not UTF-8.
    """
    try:
        names = [field.strip() for field in _fields(line.removeprefix(BYTE_ORDER_MARK))]
    except ValueError as error:
        raise DatasetError(f"{name}:1: {error}. Give a FER2013 CSV (plain text), an image folder or a zip.") from None
    wrong = [column for column in COLUMNS if names.count(column) != 1]
    if wrong:
        received = ", ".join(repr(column[:20]) for column in names[:6]) + (", …" if len(names) > 6 else "")
        raise DatasetError(
            f"{name}:1: expected the columns emotion, pixels and Usage, each once; {_describe(wrong[0], names)}. "
            f"Received {received}. Correct the header, or give a file in FER2013's layout."
        )
    return Columns(len(names), *(names.index(column) for column in COLUMNS))


def read_row(line: bytes, columns: Columns) -> tuple[int, int, np.ndarray]:
    """Read one line that has no end-of-line mark.

    Returns:
        label 0..6, index into SPLITS, pixels (2304,) uint8.

    Raises:
        ValueError: what was expected and what received, without place and remedy.
    """
    fields = _fields(line)
    if len(fields) != columns.count:
        raise ValueError(f"expected {columns.count} columns, received {len(fields)}")
    label = _read_label(fields[columns.emotion].strip())
    pixels = _read_pixels(fields[columns.pixels])
    return label, _read_usage(fields[columns.usage].strip()), pixels


def _fields(line: bytes) -> list[str]:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"expected UTF-8 text, received the byte 0x{line[error.start]:02x}") from None
    try:
        return next(csv.reader([text], skipinitialspace=True, strict=True), [""])
    except csv.Error as error:
        raise ValueError(f"expected comma-separated fields, received a line that is none ({error})") from None


def _describe(column: str, names: list[str]) -> str:
    if column in names:
        return f"{column!r} is there {names.count(column)} times"
    close = get_close_matches(column, names, n=1)
    return f"{column!r} is missing" + (f" (the nearest is {close[0]!r})" if close else "")


def _read_label(text: str) -> int:
    if text in {"0", "1", "2", "3", "4", "5", "6"}:
        return int(text)
    raise ValueError(f"expected an emotion 0..{len(EMOTIONS) - 1}, received {_shorten(text)}")


def _read_usage(text: str) -> int:
    if text in USAGES:
        return SPLITS.index(USAGES[text])
    raise ValueError(f"expected a Usage of {', '.join(USAGES)}, received {_shorten(text)}")


def _read_pixels(text: str) -> np.ndarray:
    letters = np.frombuffer(text.encode(), np.uint8)
    images, accepted = parse_pixels(letters, np.zeros(1, np.int64), np.array([len(letters)]))
    if accepted.all():
        return images.reshape(-1)
    numbers = text.split()
    for at, number in enumerate(numbers, start=1):
        if not (number.isascii() and number.isdigit() and len(number) < 10 and int(number) <= 255):
            raise ValueError(f"expected pixel values 0..255, received {_shorten(number)} as pixel {at}")
    if len(numbers) != PIXELS:
        raise ValueError(f"expected {PIXELS} pixels, received {len(numbers)}")
    return np.array([int(number) for number in numbers], np.uint8)


def _shorten(text: str) -> str:
    return repr(text if len(text) <= 24 else text[:24] + "…")
