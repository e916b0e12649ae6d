import cv2
import numpy as np
import pytest

from fer_core.vision import crop_faces
from fer_core.vision.looks import describe_faces, look_distances
from fer_core.vision.planes import Planes
from tests.vision import clips

NAMES = ("collins", "hopper", "lookalike")


def look(name: str, *, centre: tuple[float, float] = (320, 240), width: float = 100, light: float = 1.0, planes: bool = False):
    """The look of a pasted face, its frame off by a few pixels as a detector's would be."""
    image = clips.background().copy()
    frame = clips.paste(image, name, centre, width)[None] + np.array([3, -2, 4, 1]) * width / 100
    image = np.clip(image * light + np.random.default_rng(0).normal(0, 4, image.shape), 0, 255).astype(np.uint8)
    crops = crop_faces(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), frame)
    return describe_faces(Planes.from_bgr(image) if planes else image, frame, crops)


@pytest.mark.parametrize("name", NAMES)
def test_looks_of_one_face_are_near_whatever_its_place_size_and_light(name: str) -> None:
    usual = look(name)
    for other in (look(name, centre=(150, 200)), look(name, width=60), look(name, light=0.7), look(name, planes=True)):
        assert look_distances(usual, other)[0, 0] < 0.3


def test_looks_of_two_faces_are_far_apart() -> None:
    looks = np.concatenate([look(name) for name in NAMES])
    distances = look_distances(looks, looks)
    assert distances[~np.eye(3, dtype=bool)].min() > 0.8
    np.testing.assert_allclose(np.diag(distances), 0, atol=1e-5)


def test_looks_of_planes_are_those_of_the_image() -> None:
    np.testing.assert_allclose(look("hopper"), look("hopper", planes=True), atol=0.02)


def test_look_of_a_flat_or_missing_face_says_nothing() -> None:
    black = np.zeros((100, 100, 3), np.uint8)
    frames = np.array([[10.0, 10, 60, 60], [-90, -90, -50, -50], [200, 200, 200, 200]])
    for picture in (black, Planes.from_bgr(black)):
        looks = describe_faces(picture, frames, np.zeros((3, 48, 48), np.uint8))
        assert (looks[:, :-2] == 0).all()
        np.testing.assert_allclose(looks[:, -2:], 0, atol=1e-6)
        assert (look_distances(looks, looks) == 1).all()


def test_looks_of_nobody_are_none() -> None:
    nobody = describe_faces(np.zeros((9, 9, 3), np.uint8), np.empty((0, 4)), np.empty((0, 48, 48), np.uint8))
    assert nobody.shape == (0, 146)
    assert look_distances(nobody, look("hopper")).shape == (0, 1)
