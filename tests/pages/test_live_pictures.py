"""Photos and pictures on the live page: read as a person sees them, or a sentence that says why not."""

from collections.abc import Callable

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from fer_core.labels import EMOTIONS
from tests.pages.live_page import encoded, give, portrait, said

OpenPage = Callable[..., AppTest]
ORIENTATION = 0x0112


def test_picture_shows_its_face_and_all_probabilities(open_page: OpenPage):
    app = give(open_page("live", input="picture"), encoded(portrait()))
    assert not app.exception
    assert not app.error
    table = app.dataframe[0].value
    assert len(table) == 1
    assert table[list(EMOTIONS)].sum(axis=1).iloc[0] == pytest.approx(100, abs=0.01)
    assert table["confidence"].iloc[0] == table[list(EMOTIONS)].max(axis=1).iloc[0]


def test_photo_shows_its_face(open_page: OpenPage):
    app = open_page("live", input="photo")
    app.camera_input[0].set_value(("photo.jpg", encoded(portrait()), "image/jpeg")).run()
    assert not app.exception
    assert len(app.dataframe[0].value) == 1


def exif_turned() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    return encoded(portrait().rotate(90, expand=True), exif=exif)


def on_transparent_ground() -> bytes:
    canvas = Image.new("RGBA", (700, 700), (0, 0, 0, 0))
    canvas.paste(portrait(), (90, 90))
    return encoded(canvas, "PNG")


@pytest.mark.parametrize(
    ("make", "faces"),
    [
        pytest.param(exif_turned, 1, id="turned by EXIF"),
        pytest.param(on_transparent_ground, 1, id="transparent PNG"),
        pytest.param(lambda: encoded(portrait().convert("L")), 1, id="gray"),
        pytest.param(lambda: encoded(portrait().resize((6400, 6400), Image.Resampling.NEAREST)), 1, id="40 megapixels"),
    ],
)
def test_unusual_picture_is_read_as_a_person_sees_it(open_page: OpenPage, make: Callable[[], bytes], faces: int):
    app = give(open_page("live", input="picture"), make())
    assert not app.exception
    assert not app.error
    assert len(app.dataframe[0].value) == faces


def bomb() -> bytes:
    return encoded(Image.new("1", (20_000, 20_000)), "PNG")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        pytest.param(lambda: encoded(portrait())[:2000], "damaged", id="cut JPEG"),
        pytest.param(lambda: b"this is no picture", "something else", id="text"),
        pytest.param(bomb, "million pixels", id="decompression bomb"),
    ],
)
def test_bad_picture_is_a_sentence(open_page: OpenPage, make: Callable[[], bytes], sentence: str):
    app = give(open_page("live", input="picture"), make())
    assert not app.exception
    assert sentence in app.error[0].value
    assert not app.dataframe


def test_picture_without_a_face_says_so(open_page: OpenPage):
    app = give(open_page("live", input="picture"), encoded(Image.new("RGB", (320, 240), "teal")))
    assert not app.exception
    assert "No face was found" in said(app)
