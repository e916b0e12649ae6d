"""FER2013's splits as published, so that a dataset can be held against them whatever it calls its own."""

from fer_core.dataset import Dataset, Split, digest_split_as
from fer_core.labels import FER2013_SPLIT_COUNTS, SPLITS

PUBLISHED = {
    "train": "433ff8aab13dc6e82187daedb61d252ed8905316235bffb10cc68b7dec8efa04",
    "validation": "eaba50ef05950a09bea249675028e01a281a128608a9d8628df72c319d54bf08",
    "test": "83bde680b4dd3706535482b3d76034705edf256fc8696803e27c550e057f92f0",
}
"""Digest of each split (see dataset/digest.py), computed from the competition's file."""
NAMES = {"train": "Training", "validation": "PublicTest", "test": "PrivateTest"}


def find_published(dataset: Dataset) -> dict[str, str]:
    """Say which published split each split of a dataset is, by its content: names of ours to names of ours."""
    found = {name: name_published(split) for name, split in dataset.splits.items()}
    return {name: published for name, published in found.items() if published}


def name_published(split: Split) -> str | None:
    """Say which published split this is, by its content: our name of it; None where it is none."""
    if PUBLISHED.get(split.name) == split.digest:
        return split.name
    for published in SPLITS:
        if len(split) == FER2013_SPLIT_COUNTS[published] and digest_split_as(published, split) == PUBLISHED[published]:
            return published
    return None
