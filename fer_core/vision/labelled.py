"""Cuts the faces out of labelled photographs, so that a model can be evaluated on them as on any dataset."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import cv2
import numpy as np

from fer_core.dataset import Dataset, Photos, Progress, Split
from fer_core.errors import MediaError
from fer_core.labels import IMAGE_SIZE
from fer_core.vision.boxes import area_of
from fer_core.vision.crops import crop_faces, eye_tilts
from fer_core.vision.detection import Detector
from fer_core.vision.pictures import read_image
from fer_core.vision.search import search_faces


@dataclass(frozen=True, eq=False)
class LabelledFaces:
    """The faces found in labelled photographs, the largest of each.

    Attributes:
        photos: where they are from.
        crops: (n, 48, 48) uint8.
        rows: (n,) int32: the numbers of their photographs in ``photos``, ascending.
        missed: numbers of the photographs in which no face was found.
        several: photographs in which more than one was found.
        unreadable: number and reason of the files that are no pictures.
        digest: hex SHA-256 of the photographs that could be read, with split and labels, whatever was found in them.
    """

    photos: Photos
    crops: np.ndarray
    rows: np.ndarray
    missed: tuple[int, ...]
    several: int
    unreadable: tuple[tuple[int, str], ...]
    digest: str

    def to_dataset(self) -> Dataset:
        """Give the faces as a dataset of one split.

        Its digest is that of the photographs and not of the crops, so that these are the same test photographs to the ledger
        after the framing has changed.
        """
        split = Split(self.photos.split, self.crops, self.photos.labels[self.rows], self.rows, self.digest)
        return Dataset(self.photos.name, str(self.photos.folder), self.digest, {split.name: split})


def find_labelled_faces(photos: Photos, detector: Detector, *, progress: Progress | None = None) -> LabelledFaces:
    """Look closely at each photograph, as ``recognise`` does, and cut its largest face out.

    Args:
        photos: from ``list_photos``.
        detector: finds the faces.
        progress: called with the share done, 0..1, and a short sentence.
    """
    crops, rows, missed, unreadable, digests, several = [], [], [], [], [], 0
    for row, (picture, digest) in enumerate(_read_all(photos)):
        if isinstance(picture, str):
            unreadable.append((row, picture))
        else:
            digests.append(digest)
            crop, n = _cut_largest(picture, detector)
            several += n > 1
            if crop is None:
                missed.append(row)
            else:
                crops.append(crop)
                rows.append(row)
        if progress:
            progress((row + 1) / len(photos), f"Looking for faces: {row + 1:,} of {len(photos):,} photos")
    return LabelledFaces(
        photos=photos,
        crops=np.array(crops, np.uint8).reshape(-1, IMAGE_SIZE, IMAGE_SIZE),
        rows=np.array(rows, np.int32),
        missed=tuple(missed),
        several=several,
        unreadable=tuple(unreadable),
        digest=sha256(b"".join(sorted(digests))).hexdigest(),
    )


def _read_all(photos: Photos) -> Iterator[tuple[np.ndarray | str, bytes]]:
    """Give each photograph (h, w, 3) BGR uint8, or why it cannot be read, and the digest of split, label and file."""
    for path, label in zip(photos.paths, photos.labels.tolist(), strict=True):
        try:
            data = (photos.folder / path).read_bytes()
            picture: np.ndarray | str = read_image(data)
        except MediaError as error:
            picture = str(error).removeprefix("the picture: ")
        except OSError as error:
            data, picture = b"", error.strerror or str(error)
        yield picture, sha256(photos.split.encode() + b"\0" + bytes((label,)) + data).digest()


def _cut_largest(image: np.ndarray, detector: Detector) -> tuple[np.ndarray | None, int]:
    """Give the crop of the largest face, None where there is none, and how many faces there are."""
    found = search_faces(image, detector)
    if not len(found):
        return None, 0
    largest = int(area_of(found.frames).argmax())
    chosen = slice(largest, largest + 1)
    crops = crop_faces(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), found.frames[chosen], eye_tilts(found.keypoints[chosen]))
    return crops[0], len(found)
