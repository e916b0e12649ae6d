"""Digests: the documented bytes, and nothing else, decide."""

from hashlib import sha256

import numpy as np

from fer_core.dataset.assemble import assemble_dataset
from fer_core.dataset.table import Table
from tests.dataset.files import faces


def make_table(order: np.ndarray) -> Table:
    images, labels, _ = faces(9)
    splits = np.arange(9, dtype=np.uint8) % 3
    return Table(images[order], np.array(labels, np.uint8)[order], splits[order], np.arange(9, dtype=np.int32))


def test_assemble_dataset_hashes_the_documented_bytes() -> None:
    images, labels, _ = faces(9)
    names = ("train", "validation", "test")
    digests = [
        sha256(names[row % 3].encode() + b"\0" + bytes([labels[row]]) + images[row].tobytes()).digest() for row in range(9)
    ]
    dataset = assemble_dataset(make_table(np.arange(9)), "a", "a.csv")
    assert dataset.digest == sha256(b"".join(sorted(digests))).hexdigest()
    for first, name in enumerate(names):
        assert dataset.split(name).digest == sha256(b"".join(sorted(digests[first::3]))).hexdigest()


def test_assemble_dataset_gives_reordered_rows_the_same_digest() -> None:
    shuffled = assemble_dataset(make_table(np.random.default_rng(0).permutation(9)), "b", "b")
    assert shuffled.digest == assemble_dataset(make_table(np.arange(9)), "a", "a").digest


def test_assemble_dataset_digests_differ_with_a_pixel_a_label_or_a_split() -> None:
    table = make_table(np.arange(9))
    digests = {assemble_dataset(table, "a", "a").digest}
    for array in (table.images, table.labels, table.splits):
        array.reshape(9, -1)[0, 0] ^= 1
        digests.add(assemble_dataset(table, "a", "a").digest)
        array.reshape(9, -1)[0, 0] ^= 1
    assert len(digests) == 4
