"""From a table of rows to a dataset with splits and digests."""

import numpy as np

from fer_core.dataset.digest import digest_dataset, digest_rows, digest_split
from fer_core.dataset.split import Dataset, Split
from fer_core.dataset.table import Table
from fer_core.labels import SPLITS

_KNOWN_NAMES = {"f1f67775a669ad2a53e7dcaa31e7a9d69dbc141e6f5282b67fb8dfef52b53020": "FER2013"}


def assemble_dataset(table: Table, name: str, source: str) -> Dataset:
    """Divide a table into its splits; the arrays are read-only copies.

    Args:
        table: at least one row.
        name: what a person calls the dataset, unless its digest is a well-known one's.
        source: ``sample``, or the path.
    """
    splits, digests = {}, {}
    for index, split in enumerate(SPLITS):
        chosen = np.flatnonzero(table.splits == index)
        if len(chosen):
            arrays = [array[chosen] for array in (table.images, table.labels, table.rows)]
            for array in arrays:
                array.setflags(write=False)
            images, labels, rows = arrays
            digests[split] = digest_rows(split, images, labels)
            splits[split] = Split(split, images, labels, rows, digest_split(digests[split]))
    digest = digest_dataset(digests.values())
    name = _KNOWN_NAMES.get(digest, name)
    return Dataset(name, source, digest, splits, table.skipped, table.converted, table.notes)
