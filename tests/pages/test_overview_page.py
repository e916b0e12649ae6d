"""The overview: what serves, what the data is, what trains, with and without each of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from fer_core import runs
from fer_core.evaluation import wilson_interval
from fer_core.files import append_json_line
from fer_core.model import serving
from fer_core.runs import Run
from fer_core.ui import load, model_card, words
from tests.builders import make_dataset, make_model, make_model_info, make_split

OpenPage = Callable[..., AppTest]
FER2013 = {
    "name": "FER2013",
    "digest": "f",
    "splits": {"train": {"n": 28709}, "validation": {"n": 3589}, "test": {"n": 3589, "digest": "t"}},
}
TEST = {"n": 3589, "accuracy": 0.6712, "log_loss": 0.9}


@pytest.fixture(autouse=True)
def rooms(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No shipped model; every dataset is a small one."""
    monkeypatch.setattr("fer_core.model.folders.shipped_dir", lambda: tmp_path / "shipped")
    split = make_split(labels=[0, 1, 2, 3, 4, 5, 6, 3])
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: make_dataset(split, source=str(source)))


def serve_one(home: Path, **changes: Any) -> None:
    """Promote a model, and let it serve."""
    make_model(home / "models" / "mine", name="mine", **changes)
    serving.write_json(home / "serving.json", {"name": "mine"})


def make_run(**changes: Any) -> Run:
    """A run's snapshot."""
    values = {name: None for name in Run.__dataclass_fields__}
    values |= {"id": "r1", "recipe": "seed", "state": "running", "message": "", "epochs": 10, "epochs_done": 4, "settings": {}}
    values |= {"data": "sample", "data_name": "sample", "batch": 5, "batches": 10, "queue_position": 0, "path": Path("/")}
    return Run(**(values | changes))


def html_of(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def shown_of(app: AppTest) -> str:
    said = " ".join(element.value for kind in ("subheader", "markdown", "caption", "error") for element in app.get(kind))
    return f"{said} {html_of(app)}"


def test_overview_is_useful_where_nothing_is_there_yet(open_page: OpenPage):
    app = open_page()
    assert not app.exception
    assert app.title[0].value == "What is here, and can I trust it?"
    assert "No model serves yet" in shown_of(app)
    assert "No training is running" in shown_of(app)
    assert "Drawn by code" in shown_of(app)
    assert "FER2013_CSV=" in shown_of(app)
    assert [button.label for button in app.button] == ["Go live", "Explore the data"]


def test_overview_shows_the_serving_model_with_its_interval_beside_people_and_peers(open_page: OpenPage, home: Path):
    serve_one(home, data=FER2013, metrics={"test": TEST, "validation": TEST | {"accuracy": 0.66}}, selected_on="validation")
    shown = shown_of(open_page())
    low, high = wilson_interval(round(0.6712 * 3589), 3589)
    assert "<strong>67.1 %</strong>" in shown
    assert "of 3,589 FER2013 test images" in shown
    assert f"95 % interval {100 * low:.1f} to {100 * high:.1f} %" in shown
    assert "65 ± 5 %" in shown
    assert "98.19 % was claimed" in shown
    assert "<dt>Chosen on</dt><dd>validation</dd>" in shown
    assert "1 January 2026" in shown


def test_overview_takes_the_test_figure_from_the_ledger_where_the_model_has_none(open_page: OpenPage, home: Path):
    serve_one(home, data=FER2013, metrics={"validation": TEST})
    model = load.load_model("mine")
    append_json_line(home / "test_ledger.jsonl", {"model_digest": "other", "data_digest": "f", "n": 3589, "accuracy": 0.9})
    append_json_line(home / "test_ledger.jsonl", {"model_digest": model.digest, "data_digest": "g", "n": 10, "accuracy": 0.8})
    append_json_line(home / "test_ledger.jsonl", {"model_digest": model.digest, "data_digest": "f", "n": 3589, "accuracy": 0.5})
    assert "<strong>50.0 %</strong>" in shown_of(open_page())


def test_overview_calls_a_validation_figure_one_and_sets_it_beside_nobody(open_page: OpenPage, home: Path):
    serve_one(home, data=FER2013, metrics={"validation": TEST})
    shown = shown_of(open_page())
    assert "of 3,589 FER2013 validation images" in shown
    assert "Measured on validation only" in shown
    assert 'class="fer-ruler"' not in shown


def test_overview_sets_a_figure_on_other_data_beside_nobody(open_page: OpenPage, home: Path):
    serve_one(
        home,
        data={"name": "sample", "digest": "s", "splits": {"train": {"n": 1260}}},
        metrics={"test": {"n": 280, "accuracy": 0.97}},
    )
    shown = shown_of(open_page())
    assert "of 280 sample test images" in shown
    assert "not trained on FER2013" in shown
    assert 'class="fer-ruler"' not in shown


def test_overview_shows_a_model_that_was_never_measured(open_page: OpenPage, home: Path):
    serve_one(home)
    assert "not evaluated on test or validation yet" in shown_of(open_page())


@pytest.mark.parametrize(
    ("start", "teachers", "said"),
    [
        ("", [], ""),
        ("one", [], "from another model&#x27;s weights"),
        ("one,two", [], "from the mean of 2 models&#x27; weights"),
        ("one", ["a", "b"], "from another model&#x27;s weights and taught by 2 models, whose"),
        ("", ["a"], ", taught by 1 model, whose"),
    ],
)
def test_overview_says_whose_time_is_not_in_a_models_own(
    start: str, teachers: list[str], said: str, open_page: OpenPage, home: Path
):
    serve_one(home, settings={"start": start, "teachers": teachers})
    shown = html_of(open_page())
    assert ("own time is not counted here" in shown) == bool(start or teachers)
    assert said in shown


def test_overview_escapes_what_a_model_says_of_itself(open_page: OpenPage, home: Path):
    serve_one(home, machine="<img src=x onerror=alert(1)>", data=FER2013 | {"name": "<b>x</b>"}, metrics={"test": TEST})
    html = html_of(open_page())
    assert "<img src=x" not in html
    assert "<b>x</b>" not in html


def test_overview_goes_on_where_the_serving_model_cannot_be_read(open_page: OpenPage, home: Path):
    serve_one(home)
    (home / "models" / "mine" / "model.json").write_text("{")
    app = open_page()
    assert not app.exception
    assert "Drawn sample" in shown_of(app)


def test_overview_goes_on_where_the_dataset_is_missing(open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from fer_core.dataset import load_dataset

    monkeypatch.setenv("FER2013_CSV", str(tmp_path / "gone.csv"))
    monkeypatch.setattr(load, "load_dataset", load_dataset)
    app = open_page()
    assert not app.exception
    assert "FER2013: expected a dataset, found nothing" in app.error[0].value
    assert "fer-wall" in html_of(app)


def test_overview_shows_no_face_but_the_samples(open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FER2013_CSV", str(tmp_path / "fer2013.csv"))
    seen: list[str] = []

    def read(source: str, **_: object) -> object:
        seen.append(str(source))
        return make_dataset(make_split(labels=[0] if "csv" in str(source) else [1]), source=str(source))

    monkeypatch.setattr(load, "load_dataset", read)
    html = html_of(open_page())
    assert len(seen) == 2
    assert html.count("data:image/png") == 1
    assert "Drawn face, disgust" in html


@pytest.mark.parametrize(
    ("changes", "share", "said"),
    [
        ({"left_s": 600.0}, 0.45, "running, epoch 5 of 10, 10 min left"),
        ({"state": "queued", "epochs_done": 0, "batch": 0, "batches": 0, "queue_position": 2}, 0.0, "queued, number 2"),
        ({"epochs_done": 10, "batch": 0}, 1.0, "running, epoch 10 of 10"),
    ],
)
def test_overview_follows_a_training(
    changes: dict[str, Any], share: float, said: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(runs, "list_runs", lambda: [make_run(**changes)])
    app = open_page()
    bar = app.get("progress")[-1].proto
    assert bar.value == pytest.approx(100 * share, abs=1)
    assert bar.text == said


def test_overview_says_how_the_last_training_ended(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runs, "list_runs", lambda: [make_run(state="interrupted")])
    assert "The last one, seed, is interrupted after 4 of 10 epochs." in shown_of(open_page())


LEADS = [("Go live", "It sees me"), ("Explore the data", "What is in the data, and what is wrong with it?")]


@pytest.mark.parametrize(("label", "title"), LEADS)
def test_overview_leads_on(label: str, title: str, open_page: OpenPage):
    app = open_page()
    next(button for button in app.button if button.label == label).click().run()
    assert app.title[0].value == title


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ({}, None),
        ({"test": {"n": 0, "accuracy": None}}, None),
        ({"validation": {"n": 4, "accuracy": 0.5}}, ("validation", 4, 0.5)),
        ({"test": {"n": 4, "accuracy": 1.0}, "validation": {"n": 4, "accuracy": 0.5}}, ("test", 4, 1.0)),
    ],
)
def test_measured_prefers_test_and_takes_nothing_for_a_figure(metrics: dict[str, Any], expected: Any, tmp_path: Path):
    found = model_card.measured(make_model(tmp_path / "m", metrics=metrics))
    assert (found and (found.split, found.n, found.accuracy.value)) == expected


def test_ruler_places_the_model_among_the_others_by_accuracy(tmp_path: Path):
    found = model_card.Measured("test", 3589, words.Figure(0.6712, 0.656, 0.686))
    html = model_card.ruler("mine", found)
    names = [part.split("<")[0] for part in html.split("<span>")[1:]]
    assert names.index("mine") == names.index("fer 25.10.3 (mini-Xception)") + 1
    assert html.count("<li") == len(model_card.REFERENCES) + 2


def test_is_fer2013_asks_for_its_published_sizes(tmp_path: Path):
    assert model_card.is_fer2013(make_model(tmp_path / "a", data=FER2013))
    assert not model_card.is_fer2013(make_model(tmp_path / "b", data=make_model_info().data))
