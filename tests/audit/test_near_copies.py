"""Near copies: planted ones are found and named, nothing else pairs up."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from fer_core.audit import find_near_copies
from fer_core.labels import IMAGE_SIZE
from tests.builders import make_dataset, make_split

N = 24
CENTRE = ((IMAGE_SIZE - 1) / 2,) * 2


def make_textures(n, *, seed=0):
    """Smooth random textures: (n, 48, 48) uint8, mean about 128, standard deviation 40."""
    noise = np.random.default_rng(seed).normal(size=(n, IMAGE_SIZE, IMAGE_SIZE)).astype(np.float32)
    smooth = np.stack([cv2.GaussianBlur(one, (0, 0), 2.5) for one in noise])
    return to_gray(128 + 40 * smooth / smooth.std())


def make_data(images):
    return make_dataset(replace(make_split(len(images), name="train"), images=np.asarray(images)))


def to_gray(values):
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def move(image, *, zoom=1.0, degrees=0.0, shift=(0, 0)):
    matrix = cv2.getRotationMatrix2D(CENTRE, degrees, zoom)
    matrix[:, 2] += shift
    return cv2.warpAffine(image, matrix, image.shape, borderMode=cv2.BORDER_REPLICATE)


def compress(image):
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_GRAYSCALE)


def cover(image):
    covered = image.copy()
    covered[34:44, 4:14] = 0
    return covered


CHANGES = [
    ("mirrored", lambda image: image[:, ::-1]),
    ("mirrored", lambda image: compress(move(image[:, ::-1], shift=(3, -2)))),
    ("shifted", lambda image: move(image, shift=(4, 0))),
    ("shifted", lambda image: move(image, shift=(-4, 5))),
    ("rescaled", lambda image: move(image, zoom=0.88)),
    ("rescaled", lambda image: cv2.resize(image[4:-4, 4:-4], image.shape)),
    ("turned", lambda image: move(image, degrees=6)),
    ("covered", cover),
    ("brightness", lambda image: to_gray(image + 30.0)),
    ("brightness", lambda image: to_gray(255 * (image / 255) ** 1.6)),
    ("detail", compress),
    ("detail", lambda image: to_gray(image + np.random.default_rng(1).normal(0, 8, image.shape))),
    ("detail", lambda image: cv2.GaussianBlur(image, (0, 0), 1.0)),
]


def test_near_copies_finds_each_kind_and_names_it():
    images = make_textures(N)
    copies = [change(images[at]) for at, (_, change) in enumerate(CHANGES)]
    found = find_near_copies(make_data([*images, *copies]))
    assert found.rows.tolist() == [[at, N + at] for at in range(len(CHANGES))]
    assert found.kind == tuple(kind for kind, _ in CHANGES)
    assert found.residual.max() < 0.04
    assert (found.rows.dtype, found.residual.dtype) == (np.int32, np.float32)


def test_near_copies_pairs_no_unrelated_images():
    assert find_near_copies(make_data(make_textures(60, seed=3))).rows.shape == (0, 2)


def test_near_copies_of_copies_are_reported_once_and_flat_images_never():
    images = make_textures(N)
    bright = to_gray(images[5] + 30.0)
    blank, nearly = np.full((48, 48), 90, np.uint8), 90 + np.random.default_rng(0).integers(0, 3, (48, 48), dtype=np.uint8)
    found = find_near_copies(make_data([*images, images[5], bright, images[9], bright, blank, blank + 1, nearly, nearly + 1]))
    assert found.rows.tolist() == [[5, N + 1]]
    assert found.kind == ("brightness",)


def test_near_copies_are_found_across_splits_by_the_rows_of_the_dataset():
    images = make_textures(6)
    train = replace(make_split(6, name="train", first_row=10), images=images)
    test = replace(make_split(1, name="test", first_row=2), images=images[3:4, :, ::-1])
    found = find_near_copies(make_dataset(train, test))
    assert found.rows.tolist() == [[2, 13]]
    assert found.kind == ("mirrored",)


@pytest.mark.parametrize("n", [0, 1])
def test_near_copies_of_next_to_no_images_are_none(n):
    found = find_near_copies(make_data(make_textures(n)) if n else make_dataset())
    assert (found.rows.shape, found.kind, found.residual.shape) == ((0, 2), (), (0,))


def test_near_copies_of_two_images():
    image = make_textures(1)[0]
    found = find_near_copies(make_data([image, compress(image)]))
    assert found.rows.tolist() == [[0, 1]]


def test_near_copies_are_the_same_each_time():
    images = make_textures(N)
    data = make_data([*images, *(compress(image) for image in images)])
    first, second = find_near_copies(data), find_near_copies(data)
    assert np.array_equal(first.rows, second.rows)
    assert len(first.rows) == N
    assert np.array_equal(first.residual, second.residual)


def test_near_copies_report_progress_which_may_stop_them():
    data, steps = make_data(make_textures(N)), []

    def stop_at_pairs(share, step):
        steps.append((share, step))
        if step == "comparing pairs":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        find_near_copies(data, progress=stop_at_pairs)
    shares = [share for share, _ in steps]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 0.55)
    assert list(dict.fromkeys(step for _, step in steps)) == [
        "learning what copies keep",
        "describing images",
        "searching for similar images",
        "comparing pairs",
    ]
