import base64
import io

import numpy as np
from PIL import Image

from fer_core.labels import EMOTION_COLOURS, EMOTIONS
from fer_core.ui.gallery import make_tile
from fer_core.ui.pictures import chips, face, share_bar, to_data_uri


def test_to_data_uri_keeps_every_pixel():
    image = np.arange(48 * 48).reshape(48, 48).astype(np.uint8)
    kind, _, data = to_data_uri(image).partition(",")
    assert kind == "data:image/png;base64"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))), image)


def test_to_data_uri_takes_a_view_of_a_read_only_array():
    images = np.zeros((2, 48, 96), np.uint8)
    images.setflags(write=False)
    assert to_data_uri(images[1, :, ::2]).startswith("data:image/png")


def test_face_escapes_its_words():
    html = face(np.zeros((48, 48), np.uint8), "<b>row 1</b>", '"><script>')
    assert "<b>" not in html
    assert "<script>" not in html


def test_share_bar_gives_each_emotion_its_share_and_names_it():
    html = share_bar(np.array([1, 0, 0, 3, 0, 0, 0]))
    assert f"flex:0.25000;background:{EMOTION_COLOURS['angry']}" in html
    assert f"flex:0.75000;background:{EMOTION_COLOURS['happy']}" in html
    assert html.count("flex:") == 2
    assert all(f"</i>{emotion} <b>" in html for emotion in EMOTIONS)


def test_share_bar_of_nothing_is_all_zero():
    assert share_bar(np.zeros(7, int)).count("<b>0.0 %</b>") == 7


def test_chips_never_leave_an_emotion_to_its_colour():
    assert chips([("fear", "")]).count(">fear<") == 1


def test_make_tile_says_row_emotion_and_more():
    tile = make_tile(np.zeros((48, 48), np.uint8), np.int32(7), np.uint8(3), "named sad")
    assert (tile.row, tile.lines, tile.said) == (7, ("happy", "row 7", "named sad"), "Row 7, happy, named sad")
    assert tile.colour == EMOTION_COLOURS["happy"]
