"""Dataset files in every layout, each written in a line."""

import zipfile
from pathlib import Path

import cv2
import numpy as np

from fer_core.labels import EMOTIONS, USAGES

HEADER = "emotion,pixels,Usage"
FOLDERS = {"Training": "train", "PublicTest": "validation", "PrivateTest": "test"}


def faces(n: int = 9, seed: int = 0) -> tuple[np.ndarray, list[int], list[str]]:
    """Images (n, 48, 48), labels and usages in which all splits and labels occur in turn."""
    images = np.random.default_rng(seed).integers(256, size=(n, 48, 48), dtype=np.uint8)
    return images, [k % 7 for k in range(n)], [list(USAGES)[k % 3] for k in range(n)]


def pixels_of(image: np.ndarray | int) -> str:
    """Decimal pixels; a number makes a plain image."""
    return " ".join(map(str, np.broadcast_to(np.asarray(image), (48, 48)).ravel()))


def line(label: object = 3, usage: str = "Training", pixels: str | None = None) -> str:
    """One row in fer2013.csv's order of columns."""
    return f"{label},{pixels_of(7) if pixels is None else pixels},{usage}"


def write_csv(path: Path, lines: list[str], *, header: str = HEADER, end: str = "\n") -> Path:
    """Write a header and lines, the last one ended too."""
    path.write_bytes((end.join([header, *lines]) + end).encode())
    return path


def write_faces_csv(path: Path, n: int = 9) -> Path:
    """The faces of ``faces`` in fer2013.csv's layout."""
    return write_csv(path, [line(label, usage, pixels_of(image)) for image, label, usage in zip(*faces(n), strict=True)])


def write_faces_folders(folder: Path, n: int = 9) -> Path:
    """The faces of ``faces`` as PNG files in train, validation and test."""
    for row, (image, label, usage) in enumerate(zip(*faces(n), strict=True)):
        write_picture(folder / FOLDERS[usage] / EMOTIONS[label] / f"{usage}_{row:05d}.png", image)
    return folder


def write_picture(path: Path, image: np.ndarray | int) -> Path:
    """Write a PNG or JPEG by its suffix; a number makes a plain one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((48, 48), image, np.uint8) if np.isscalar(image) else np.asarray(image)
    path.write_bytes(cv2.imencode(path.suffix, pixels)[1].tobytes())
    return path


def write_zip(path: Path, folder: Path, *, inside: str = "") -> Path:
    """Pack a folder's files, below ``inside`` where given."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, inside + file.relative_to(folder).as_posix())
    return path
