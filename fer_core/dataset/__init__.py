"""Datasets: splits of labelled faces, from a FER2013 CSV, image folders, a zip of either, or drawn by code.

With them: FER+'s votes on their rows, exact copies, and which rows a training leaves out.
"""

from fer_core.dataset.copies import Copies, find_copies
from fer_core.dataset.digest import digest_split_as
from fer_core.dataset.exclusions import (
    LEAVE_OUT,
    exclusions_dir,
    find_left_out,
    list_exclusions,
    read_exclusion,
    save_exclusion,
)
from fer_core.dataset.load import draw_sample, find_source, load_dataset
from fer_core.dataset.photos import Photos, list_photos
from fer_core.dataset.split import SAMPLE, Dataset, Split
from fer_core.dataset.table import Progress
from fer_core.dataset.votes import VOTE_NAMES, Votes, find_majority, find_no_face, find_votes, read_votes, share_votes

__all__ = [
    "LEAVE_OUT",
    "SAMPLE",
    "VOTE_NAMES",
    "Copies",
    "Dataset",
    "Photos",
    "Progress",
    "Split",
    "Votes",
    "digest_split_as",
    "draw_sample",
    "exclusions_dir",
    "find_copies",
    "find_left_out",
    "find_majority",
    "find_no_face",
    "find_source",
    "find_votes",
    "list_exclusions",
    "list_photos",
    "load_dataset",
    "read_exclusion",
    "read_votes",
    "save_exclusion",
    "share_votes",
]
