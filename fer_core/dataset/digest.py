"""Digests that are equal for equal data, whatever the layout or the order of its rows.

The digest of a row is SHA-256 over these bytes: the split's name in ASCII (``train``, ``validation`` or ``test``), one zero
byte, the label as one byte (0..6), and the 2,304 pixels as bytes, row by row from the top left. The digest of a split, or
of a dataset, is SHA-256 over the sorted 32-byte digests of its rows, one after the other; it is written in hexadecimal.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

import numpy as np

from fer_core.dataset.split import Split


def digest_rows(split: str, images: np.ndarray, labels: np.ndarray) -> list[bytes]:
    """Digest each row.

    Args:
        split: train, validation or test.
        images: (n, 48, 48) uint8.
        labels: (n,) uint8.

    Returns:
        n digests of 32 bytes.
    """
    prefix = split.encode("ascii") + b"\0"
    pixels = np.ascontiguousarray(images).reshape(len(labels), -1)
    return [
        sha256(prefix + bytes((label,)) + row.tobytes()).digest() for label, row in zip(labels.tolist(), pixels, strict=True)
    ]


def digest_split(row_digests: Sequence[bytes]) -> str:
    """Digest a split by its rows' digests, in hexadecimal."""
    return sha256(b"".join(sorted(row_digests))).hexdigest()


def digest_dataset(row_digests: Iterable[Sequence[bytes]]) -> str:
    """Digest a dataset by the digests of its splits' rows, in hexadecimal."""
    return digest_split([digest for split in row_digests for digest in split])


def digest_split_as(name: str, split: Split) -> str:
    """Digest a split's rows as if the split were called ``name``."""
    return digest_split(digest_rows(name, split.images, split.labels))
