import numpy as np
import pytest

from fer_core.labels import EMOTIONS
from fer_core.vision import draw_faces
from fer_core.vision.ink import contrast, text_colour
from fer_core.vision.overlay import COLOURS, UNSURE
from tests.vision.fakes import make_faces

GRAY = 128


def canvas(width: int = 640, height: int = 480) -> np.ndarray:
    return np.full((height, width, 3), GRAY, np.uint8)


def has_colour(image: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((image == colour).all(axis=2).any())


def test_draw_faces_leaves_the_image_and_all_that_is_beside_the_faces_alone() -> None:
    image = canvas()
    drawn = draw_faces(image, make_faces([[400, 200, 500, 310]]), bars=False)
    assert (image == GRAY).all()
    assert (drawn[:, :380] == GRAY).all()
    assert (drawn[220:290, 420:480] == GRAY).all()


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_draw_faces_shows_an_emotion_in_its_colour(emotion: str) -> None:
    assert has_colour(draw_faces(canvas(), make_faces([[200, 150, 320, 270]], emotion), bars=False), COLOURS[emotion])


def test_draw_faces_shows_an_unsure_face_in_the_muted_colour_only() -> None:
    drawn = draw_faces(canvas(), make_faces([[200, 150, 320, 270]], "happy", confidence=0.4), bars=False)
    assert has_colour(drawn, UNSURE)
    assert not has_colour(drawn, COLOURS["happy"])


@pytest.mark.parametrize("colour", [*COLOURS.values(), UNSURE])
def test_labels_text_has_a_contrast_that_reads(colour: tuple[int, int, int]) -> None:
    assert contrast(text_colour(colour), colour) >= 4.5


def test_contrast_is_21_between_black_and_white() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)


@pytest.mark.parametrize("box", [[0, 0, 80, 80], [560, 0, 640, 80], [0, 400, 80, 480], [560, 400, 640, 480], [0, 0, 640, 480]])
def test_draw_faces_keeps_the_whole_label_inside(box: list[int]) -> None:
    def filled(box: list[int]) -> int:
        drawn = draw_faces(canvas(), make_faces([box], "sad"), bars=False)
        return int((drawn == COLOURS["sad"]).all(axis=2).sum())

    middle = filled([280, 200, 360, 280])
    assert filled(box) >= 0.8 * middle


@pytest.mark.parametrize("size_wh", [(1, 1), (3, 200), (200, 3), (64, 48), (320, 240), (4096, 3000)])
def test_draw_faces_draws_on_images_of_any_size(size_wh: tuple[int, int]) -> None:
    width, height = size_wh
    image = canvas(width, height)
    box = [width // 4, height // 4, width - width // 4, height - height // 4]
    assert draw_faces(image, make_faces([box])).shape == image.shape


def test_draw_faces_of_nobody_is_the_image() -> None:
    image = np.random.default_rng(0).integers(256, size=(48, 64, 3), dtype=np.uint8)
    drawn = draw_faces(image, make_faces([]))
    np.testing.assert_array_equal(drawn, image)
    assert drawn is not image


@pytest.mark.parametrize(
    ("box", "corner"),
    [
        ([300, 20, 420, 140], (slice(300, 480), slice(0, 220))),
        ([10, 280, 180, 470], (slice(300, 480), slice(420, 640))),
        ([30, 250, 620, 470], (slice(0, 200), slice(0, 220))),
    ],
)
def test_draw_faces_puts_the_bars_in_a_corner_away_from_the_face(box: list[int], corner: tuple[slice, slice]) -> None:
    plain, barred = (draw_faces(canvas(), make_faces([box]), bars=bars) for bars in (False, True))
    changed = (plain != barred).any(axis=2)
    assert changed[corner].sum() > 5000
    assert changed.sum() == changed[corner].sum()


def test_draw_faces_leaves_out_bars_that_would_hide_the_face() -> None:
    faces = make_faces([[0, 0, 640, 480]])
    np.testing.assert_array_equal(draw_faces(canvas(), faces), draw_faces(canvas(), faces, bars=False))


def test_draw_faces_takes_frames_that_cannot_be_written_or_are_views() -> None:
    image = canvas()[:, ::-1]
    image.flags.writeable = False
    assert has_colour(draw_faces(image, make_faces([[200, 150, 320, 270]])), COLOURS["happy"])
