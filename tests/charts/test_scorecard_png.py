"""The score card's picture: whole, of the right size, and of these figures."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from fer_core.audit.scorecard_drawing import CardDrawing, CardRow
from fer_core.charts import scorecard_png
from fer_core.charts.canvas import drawable, fit, wrap
from fer_core.charts.look import ACCENT

OTHERS = tuple(
    CardRow(name=f"other {k}", interval=(k / 10,) * 3, spelled=f"{10 * k} %", note="A source. A fault.", solid=k != 8)
    for k in (5, 6, 8)
)
DRAWING = CardDrawing(
    title="tiny",
    facts=("data, test: 63 images", "parameters"),
    figures=(("Accuracy", "66.7 %", "65.2 to 68.3 %"), ("Macro-F1", "59.8 %", "57.2 to 62.2 %")),
    own=(CardRow(name="As published", interval=(0.667, 0.652, 0.683), spelled="66.7 %", note="n = 63"),),
    band=(0.652, 0.683),
    others_title="Others",
    others=OTHERS,
    notes=("Band: the interval.",),
)


def pixels(png):
    image = Image.open(io.BytesIO(png))
    image.load()
    assert image.format == "PNG"
    return np.asarray(image.convert("RGB")).astype(int)


def near(drawn, colour):
    """Where a picture has a colour: (h, w) bool."""
    rgb = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return np.abs(drawn - rgb).sum(axis=2) < 12


def test_scorecard_png_decodes_at_its_size_and_is_not_blank():
    drawn = pixels(scorecard_png(DRAWING))
    assert drawn.shape == (630, 1200, 3)
    assert 0.01 < (drawn.sum(axis=2) < 700).mean() < 0.3
    assert near(drawn, ACCENT).sum() > 200


def test_scorecard_png_differs_where_the_figures_do():
    other = replace(DRAWING.own[0], interval=(0.72, 0.70, 0.74))
    first, second = pixels(scorecard_png(DRAWING)), pixels(scorecard_png(replace(DRAWING, own=(other,))))
    assert np.abs(first - second).sum() > 1000
    dots = [np.flatnonzero(near(drawn[136:166, 312:662], ACCENT).any(axis=0)).mean() for drawn in (first, second)]
    assert dots[1] - dots[0] == pytest.approx(350 * (0.72 - 0.6675) / 0.3, abs=2)


def test_scorecard_png_of_equal_figures_is_equal():
    assert scorecard_png(DRAWING) == scorecard_png(DRAWING)


@pytest.mark.parametrize("values", [(0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.02, 0.0, 0.9), (float("nan"),) * 3])
def test_scorecard_png_holds_any_figure(values):
    own = (replace(DRAWING.own[0], interval=values),)
    assert pixels(scorecard_png(replace(DRAWING, own=own, band=None))).shape == (630, 1200, 3)
    assert pixels(scorecard_png(replace(DRAWING, own=own, others=(), band=None))).shape == (630, 1200, 3)


def test_scorecard_png_grows_for_a_long_text_and_keeps_inside_for_a_long_name():
    drawing = replace(DRAWING, title="m" * 300, facts=("d" * 500,), notes=("A long caution that goes on. " * 120,))
    drawn = pixels(scorecard_png(drawing))
    assert drawn.shape[0] > 630
    ground = drawn[0, 0]
    assert (drawn[:, :36] == ground).all()
    assert (drawn[:, 1164:] == ground).all()


def test_drawable_writes_what_the_font_has():
    assert drawable("Gesichter für José – 65 ± 5 %\n你") == "Gesichter fur Jose - 65 ± 5 % ?"


def test_wrap_keeps_the_percent_sign_with_its_number():
    for width in range(40, 200, 5):
        lines = wrap("users get 60 to 71.6 % or less", 12.5, width)
        assert not any(line.startswith("%") for line in lines)
    assert fit("a" * 100, 12.5, 60).endswith("…")
