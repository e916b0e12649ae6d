"""A whole FER2013 CSV, read in blocks by a few threads."""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO

import numpy as np

from fer_core.dataset.csv_block import Block, read_block
from fer_core.dataset.csv_row import Columns, read_header
from fer_core.dataset.table import Progress, Table, join_images
from fer_core.errors import DatasetError
from fer_core.labels import SPLITS, USAGES

_BLOCK_BYTES = 1 << 19
_LINE_BYTES = 1 << 20
WORKERS = min(4, os.cpu_count() or 1)
"""Threads that read; NumPy and OpenCV let go of Python's lock while they work."""


def read_csv(stream: IO[bytes], name: str, size: int, *, skip_bad_rows: bool, progress: Progress) -> Table:
    """Read FER2013's CSV, or the competition's, from a binary stream.

    Args:
        stream: at its beginning.
        name: what errors call it.
        size: bytes it holds, for the progress.
        skip_bad_rows: count the rows that cannot be read instead of raising at the first.
        progress: told about the share read.

    Raises:
        DatasetError: naming file and line.
    """
    blocks = _read_whole_lines(stream, name)
    first = next(blocks, b"")
    header, _, rest = first.partition(b"\n")
    if not first.strip():
        raise DatasetError(f"{name}:1: expected a header and rows, received an empty file. Download the file again.")
    columns = read_header(header.removesuffix(b"\r"), name)
    parts = _Parts(name, skip_bad_rows)
    done = len(header) + 1
    for data, block in _read_ahead(rest, blocks, columns):
        parts.add(block, complete=data.endswith(b"\n"))
        done += len(data)
        progress(min(1.0, done / max(size, 1)), f"Reading {name.rpartition('/')[2]}: {parts.row_count:,} rows")
    return parts.join()


def _read_whole_lines(stream: IO[bytes], name: str) -> Iterator[bytes]:
    rest, line = b"", 1
    while data := stream.read(_BLOCK_BYTES):
        data = rest + data
        cut = data.rfind(b"\n") + 1
        rest = data[cut:]
        line += data.count(b"\n", 0, cut)
        if len(rest) > _LINE_BYTES:
            raise DatasetError(
                f"{name}:{line}: expected a line of text, received one of more than {_LINE_BYTES:,} bytes. "
                "Give a FER2013 CSV, an image folder or a zip."
            )
        if cut:
            yield data[:cut]
    if rest:
        yield rest


def _read_ahead(first: bytes, blocks: Iterator[bytes], columns: Columns) -> Iterator[tuple[bytes, Block]]:
    """Read blocks in several threads and give them back in order."""
    waiting: deque[tuple[bytes, Future[Block]]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        if first:
            waiting.append((first, pool.submit(read_block, first, columns)))
        for data in blocks:
            waiting.append((data, pool.submit(read_block, data, columns)))
            if len(waiting) > 2 * WORKERS:
                data, block = waiting.popleft()
                yield data, block.result()
        for data, block in waiting:
            yield data, block.result()


@dataclass
class _Parts:
    """The blocks read so far."""

    name: str
    skip_bad_rows: bool
    blocks: list[Block] = field(default_factory=list)
    rows: list[np.ndarray] = field(default_factory=list)
    row_count: int = 0
    line_count: int = 1
    skipped: int = 0

    def add(self, block: Block, *, complete: bool) -> None:
        """Take the next block; ``complete`` says that its last line ends with a newline."""
        if block.faults and not self.skip_bad_rows:
            line, fault = block.faults[0]
            cut = not complete and line == block.line_count - 1
            raise DatasetError(
                f"{self.name}:{self.line_count + line + 1}: {fault}"
                + (": the file ends inside this row. Download it again, or run" if cut else ". Run")
                + " with --skip-bad-rows to leave it out."
            )
        self.blocks.append(block)
        self.rows.append(block.rows + self.row_count)
        self.row_count += block.row_count
        self.line_count += block.line_count
        self.skipped += len(block.faults)

    def join(self) -> Table:
        """Put the blocks together.

        Raises:
            DatasetError: no row could be read.
        """
        if self.row_count == self.skipped:
            raise DatasetError(
                f"{self.name}:{self.line_count}: expected rows below the header, received none that can be read "
                f"({self.skipped} left out). Download the file again."
            )
        splits = np.concatenate([block.splits for block in self.blocks])
        return Table(
            images=join_images([block.images for block in self.blocks]),
            labels=np.concatenate([block.labels for block in self.blocks]),
            splits=splits,
            rows=np.concatenate(self.rows).astype(np.int32),
            skipped=self.skipped,
            notes=_note_missing(splits),
        )


def _note_missing(splits: np.ndarray) -> tuple[str, ...]:
    present = {SPLITS[split] for split in np.unique(splits)}
    missing = [f"{split} split (no row says {usage})" for usage, split in USAGES.items() if split not in present]
    return (f"The file has no {' and no '.join(missing)}.",) if missing else ()
