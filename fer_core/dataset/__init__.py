"""Datasets: splits of labelled faces, from a FER2013 CSV, image folders, a zip of either, or drawn by code."""

from fer_core.dataset.load import draw_sample, find_source, load_dataset
from fer_core.dataset.split import SAMPLE, Dataset, Split
from fer_core.dataset.table import Progress

__all__ = ["SAMPLE", "Dataset", "Progress", "Split", "draw_sample", "find_source", "load_dataset"]
