"""Labelled photographs of any size: the largest face of each is cut out as everywhere, and what is not found is counted."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from fer_core.dataset import list_photos
from fer_core.vision import Detector, crop_faces, find_labelled_faces, search_faces
from tests.vision.conftest import sight


def write(path: Path, image: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image)


@pytest.fixture
def album(tmp_path: Path, portrait: np.ndarray) -> Path:
    """Happy: a large and a small face, no face, a broken file; sad: the portrait, half as large."""
    small = cv2.resize(portrait, (256, 256), interpolation=cv2.INTER_AREA)
    both = np.hstack([np.vstack([small, np.zeros_like(small)]), portrait])
    write(tmp_path / "d/happy/both.png", both)
    write(tmp_path / "d/happy/coffee.png", sight("coffee"))
    (tmp_path / "d/happy/broken.jpg").write_bytes(b"no picture")
    (tmp_path / "d/sad").mkdir()
    write(tmp_path / "d/sad/small.png", small)
    return tmp_path / "d"


def test_find_labelled_faces_cuts_the_largest_and_counts_the_rest(album: Path, detector: Detector) -> None:
    shares: list[float] = []
    faces = find_labelled_faces(list_photos(album), detector, progress=lambda share, _: shares.append(share))
    assert faces.photos.paths == ("happy/both.png", "happy/broken.jpg", "happy/coffee.png", "sad/small.png")
    assert (faces.rows.tolist(), faces.missed, faces.several) == ([0, 3], (2,), 1)
    assert faces.unreadable == ((1, "expected PNG, JPEG, WebP, BMP or GIF, received something else. " + REMEDY),)
    assert shares == [0.25, 0.5, 0.75, 1.0]
    image = cv2.imread(str(album / "happy/both.png"))
    found = search_faces(image, detector)
    right = [frame for frame in found.frames if frame[0] > 256]
    crop = crop_faces(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.array(right))[0]
    np.testing.assert_array_equal(faces.crops[0], crop)


REMEDY = "Save it again as PNG or JPEG, or choose another picture."


def test_to_dataset_is_told_apart_by_the_photos_and_not_by_the_crops(album: Path, detector: Detector) -> None:
    before = find_labelled_faces(list_photos(album), detector)
    dataset = before.to_dataset()
    split = dataset.split("all")
    assert (dataset.name, dataset.digest, split.digest) == ("d", before.digest, before.digest)
    assert (split.labels.tolist(), split.rows.tolist(), split.images.shape) == ([3, 4], [0, 3], (2, 48, 48))
    (album / "happy/broken.jpg").write_bytes(b"still no picture")
    (album / "happy/coffee.png").rename(album / "happy/tea.png")
    assert find_labelled_faces(list_photos(album), detector).digest == before.digest
    (album / "sad/small.png").rename(album / "happy/small.png")
    assert find_labelled_faces(list_photos(album), detector).digest != before.digest


def test_find_labelled_faces_in_no_readable_photo_finds_none(tmp_path: Path, detector: Detector) -> None:
    (tmp_path / "happy").mkdir()
    (tmp_path / "happy" / "a.jpg").write_bytes(b"")
    faces = find_labelled_faces(list_photos(tmp_path), detector)
    assert (faces.crops.shape, faces.rows.tolist(), faces.missed, len(faces.unreadable)) == ((0, 48, 48), [], (), 1)
