"""Charts show the numbers they are given, name their axes and units, and never tell by colour alone."""

import json

import numpy as np
import pytest

from fer_core import charts
from fer_core.labels import EMOTION_COLOURS, EMOTIONS

COUNTS = {"train": np.array([40, 5, 40, 70, 50, 30, 50]), "test": np.array([4, 0, 4, 7, 5, 3, 5])}
HISTORY = [
    {"epoch": k, "loss": 2 / k, "accuracy": 0.1 * k, "val_loss": 2.2 / k, "val_accuracy": 0.09 * k, "learning_rate": 1e-3}
    for k in range(1, 4)
]


def matrix(**cells):
    counts = np.zeros((7, 7), int)
    for place, count in cells.items():
        true, predicted = place.split("_")
        counts[EMOTIONS.index(true), EMOTIONS.index(predicted)] = count
    return counts


def named(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def cells_of(figure):
    """(true, predicted) -> (text, point's place) of all clickable points."""
    found = {}
    for trace in figure.data:
        if trace.type == "scatter":
            for x, y, text, data in zip(trace.x, trace.y, trace.text, trace.customdata, strict=True):
                found[tuple(data[:2])] = (text, (x, y))
    return found


ALL_CHARTS = {
    "distribution": charts.distribution(COUNTS),
    "shares": charts.distribution(COUNTS, by="share"),
    "confusion": charts.confusion(matrix(sad_fear=3), selected=("sad", "fear")),
    "per class": charts.per_class({name: np.tile([0.5, 0.4, 0.7], (7, 1)) for name in ("precision", "recall", "f1")}),
    "loss": charts.training_curves({"seed": HISTORY}, measure="loss"),
    "accuracy": charts.training_curves({"seed": HISTORY, "compact": HISTORY}, measure="accuracy"),
    "learning rate": charts.learning_rate({"seed": HISTORY}),
    "throughput": charts.throughput({"seed": [{"epoch": 1, "images_per_s": 400.0}]}),
}


@pytest.mark.parametrize("figure", ALL_CHARTS.values(), ids=ALL_CHARTS)
def test_charts_have_titled_axes_and_a_transparent_ground(figure):
    json.loads(figure.to_json())
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert figure.layout.xaxis.title.text
    assert figure.layout.yaxis.title.text or list(figure.data[0].y) == list(EMOTIONS)
    assert figure.layout.height > 0
    assert figure.layout.xaxis.automargin


def test_distribution_stacks_counts_in_the_emotions_colours():
    figure = charts.distribution(COUNTS)
    bars = [trace for trace in figure.data if trace.showlegend is False]
    assert figure.layout.barmode == "stack"
    assert [list(trace.y) for trace in bars] == [values.tolist() for values in COUNTS.values()]
    assert list(bars[0].marker.line.color) == list(EMOTION_COLOURS.values())
    assert bars[0].marker.pattern.shape != bars[1].marker.pattern.shape


def test_distribution_shares_are_percent_of_their_split_and_zero_of_an_empty_one():
    figure = charts.distribution(COUNTS | {"validation": np.zeros(7, int)}, by="share")
    test, empty = (named(figure, split)[0] for split in ("test", "validation"))
    assert test.y[3] == pytest.approx(100 * 7 / 28)
    assert sum(test.y) == pytest.approx(100)
    assert list(empty.y) == [0] * 7
    assert figure.layout.yaxis.title.text == "share of the split (%)"


def test_confusion_lays_a_clickable_point_over_each_cell():
    counts = np.arange(49).reshape(7, 7)
    cells = cells_of(charts.confusion(counts))
    assert len(cells) == 49
    for row, true in enumerate(EMOTIONS):
        for column, predicted in enumerate(EMOTIONS):
            assert cells[true, predicted] == (str(counts[row, column]), (column, row))


@pytest.mark.parametrize(("normalise", "text"), [("counts", "1,200"), ("true", "75 %"), ("predicted", "96 %")])
def test_confusion_says_counts_or_percent_of_rows_or_columns(normalise, text):
    counts = matrix(happy_happy=1200, happy_sad=400, angry_happy=50)
    cells = cells_of(charts.confusion(counts, normalise=normalise))
    assert cells["happy", "happy"][0] == text
    assert cells["fear", "disgust"][0] == ("0" if normalise == "counts" else "0 %")


def test_confusion_rows_are_true_and_the_first_is_on_top():
    figure = charts.confusion(matrix(angry_neutral=9))
    assert figure.layout.yaxis.range == (6.5, -0.5)
    assert figure.layout.yaxis.title.text == "true emotion"
    ground = next(trace for trace in figure.data if trace.type == "heatmap")
    assert ground.z[0, 6] == 1
    assert ground.z.sum() == 1


def test_confusion_writes_white_only_on_strong_cells():
    figure = charts.confusion(matrix(happy_happy=10, sad_sad=5), ink="#1F1C18")
    weak, strong = (trace for trace in figure.data if trace.type == "scatter")
    assert (weak.textfont.color, strong.textfont.color) == ("#1F1C18", "#FFFFFF")
    assert [tuple(data[:2]) for data in strong.customdata] == [("happy", "happy")]


def test_confusion_of_nothing_is_drawn():
    assert len(cells_of(charts.confusion(np.zeros((7, 7), int), normalise="true"))) == 49


def test_confusion_frames_the_selected_cell():
    shape = charts.confusion(matrix(), selected=("fear", "sad")).layout.shapes[0]
    assert (shape.x0 < 4 < shape.x1, shape.y0 < 2 < shape.y1) == (True, True)
    assert (shape.x1 - shape.x0, shape.y1 - shape.y0) == pytest.approx((0.94, 0.94))


def test_normalised_refuses_another_word():
    with pytest.raises(ValueError, match="received 'rows'"):
        charts.normalised(matrix(), "rows")


def test_per_class_bars_reach_from_low_to_high():
    values = {"precision": np.tile([0.5, 0.4, 0.7], (7, 1)), "recall": np.zeros((7, 3)), "f1": np.ones((7, 3))}
    figure = charts.per_class(values)
    precision = named(figure, "precision")[0]
    assert list(precision.x) == [50] * 7
    assert precision.error_x.array[0] == pytest.approx(20)
    assert precision.error_x.arrayminus[0] == pytest.approx(10)
    assert len({trace.marker.symbol for trace in figure.data}) == 3


def test_training_curves_show_train_dotted_and_validation_solid_in_percent():
    figure = charts.training_curves({"seed": HISTORY}, measure="accuracy", epochs=50)
    train, validation = figure.data
    assert (train.name, validation.name) == ("train", "validation")
    assert (train.line.dash, validation.line.dash) == ("dot", "solid")
    assert list(validation.y) == pytest.approx([9, 18, 27])
    assert list(validation.x) == [1, 2, 3]
    assert figure.layout.xaxis.range == (0, 50)
    assert figure.layout.yaxis.title.text == "accuracy (%)"


def test_training_curves_follow_finer_steps_of_a_running_training():
    steps = {"seed": [{"epoch": 0.25, "loss": 1.9}, {"epoch": 0.5, "loss": 1.7}]}
    train, validation = charts.training_curves({"seed": []}, measure="loss", steps=steps).data
    assert list(train.x) == [0.25, 0.5]
    assert len(validation.x) == 0


def test_training_curves_tell_runs_apart_by_name_colour_and_marker():
    figure = charts.training_curves({"a": HISTORY, "b": HISTORY}, measure="loss")
    assert [trace.name for trace in figure.data] == ["a, train", "a, validation", "b, train", "b, validation"]
    assert figure.data[1].line.color != figure.data[3].line.color
    assert figure.data[1].marker.symbol != figure.data[3].marker.symbol


def test_training_curves_leave_out_what_was_not_measured():
    history = [{"epoch": 1, "loss": 2.0, "val_loss": None}, {"epoch": 2, "loss": 1.5}]
    train, validation = charts.training_curves({"seed": history}, measure="loss").data
    assert list(train.y) == [2.0, 1.5]
    assert len(validation.y) == 0


def test_slices_show_each_count_and_draw_small_slices_hollow():
    figures = np.array([[0.5, 0.4, 0.6], [0.25, 0.05, 0.6]])
    figure = charts.slices(["dark", "bright"], figures, [1200, 8], x_title="brightness", overall=0.4, few=30)
    trace = figure.data[0]
    assert trace.x == ("dark<br>n = 1,200", "bright<br>n = 8")
    assert trace.y.tolist() == [50, 25]
    assert trace.marker.symbol == ("circle", "circle-open")
    assert trace.text == ("dark, n = 1,200", "bright, n = 8, too few")
    assert trace.error_y.array.tolist() == pytest.approx([10, 35])
    assert trace.error_y.arrayminus.tolist() == pytest.approx([10, 20])
