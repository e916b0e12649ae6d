"""The training page: who may start what, what a run shows in each state, and what a link brings."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core import runs
from fer_core.errors import RunError
from fer_core.files import append_json_line, write_json
from fer_core.runs import Run, create_run, list_runs, load_run
from fer_core.runs.control import hold_run
from fer_core.runs.folder import CONFUSION_FILE, HISTORY_FILE, LOG_FILE, RUN_FILE, read_document
from fer_core.ui import actions, load
from fer_core.ui.show_runs import differences, runs_table
from tests.builders import make_dataset, make_split

OpenPage = Callable[..., AppTest]
LOSSES = {"loss": 1.0, "val_loss": 1.2, "learning_rate": 1e-3, "images_per_s": 100.0, "seconds": 30.0}


def make_run(*accuracies: float, state: str = "done", recipe: str = "seed", message: str = "", **settings: Any) -> Run:
    """A run's folder with one epoch for each validation accuracy."""
    run = create_run(recipe, "sample", epochs=max(len(accuracies), 5), settings=settings)
    for epoch, accuracy in enumerate(accuracies, start=1):
        append_json_line(run.path / HISTORY_FILE, LOSSES | {"epoch": epoch, "accuracy": 0.5, "val_accuracy": accuracy})
    changes = {"state": state, "message": message, "data_name": "sample", "data_digest": "d"}
    write_json(run.path / RUN_FILE, read_document(run.path) | changes)
    return load_run(run.id)


@pytest.fixture(autouse=True)
def _small_dataset(monkeypatch: pytest.MonkeyPatch) -> None:
    splits = make_split(9, name="train"), make_split(3, name="validation"), make_split(3, name="test")
    monkeypatch.setattr(load, "dataset", lambda source: make_dataset(*splits))


@pytest.fixture
def working() -> Iterator[Callable[..., Run]]:
    """Runs as if their process lived."""
    handles = []

    def make(*accuracies: float, state: str, queued_s: float = 0.0) -> Run:
        run = make_run(*accuracies, state="stopped")
        handles.append(hold_run(run.id))
        write_json(run.path / RUN_FILE, read_document(run.path) | {"state": state, "queued_s": queued_s})
        return load_run(run.id)

    yield make
    for handle in handles:
        os.close(handle)


def texts(app: AppTest) -> str:
    """All that a page says."""
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error, app.subheader)
    said = [element.value for kind in kinds for element in kind]
    return "\n".join(said + [f"{metric.label} {metric.value}" for metric in app.metric])


def buttons(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


@pytest.mark.usefixtures("owner")
def test_page_without_runs_teaches_how_to_start_one(open_page: OpenPage):
    app = open_page("training")
    assert not app.exception
    assert "Start training" in buttons(app)
    assert "grow while a network learns" in app.info[0].value


def test_page_offers_a_viewer_nothing_that_changes_anything(open_page: OpenPage, working):
    done = make_run(0.4)
    (done.path / "model").mkdir()
    (done.path / "model" / "model.json").write_text("{}")
    running = working(0.3, state="running")
    for run in (done, running):
        app = open_page("training", run=run.id)
        assert not app.exception
        assert buttons(app) == set()
        assert "The owner of this app starts and stops them" in texts(app)


@pytest.mark.usefixtures("owner")
def test_start_passes_only_the_settings_that_differ_and_links_the_run(open_page: OpenPage, monkeypatch):
    asked: list[tuple[Any, ...]] = []

    def start_run(recipe: str, data: str, **options: Any) -> Run:
        asked.append((recipe, data, options["epochs"], options["settings"]))
        return make_run(state="stopped")

    monkeypatch.setattr(actions.runs, "start_run", start_run)
    app = open_page("training", recipe="seed")
    app.number_input(key="epochs-seed").set_value(3).run()
    app.selectbox(key="batch-seed").set_value(32).run()
    app.button(key="start").click().run()
    assert not app.exception
    assert asked == [("seed", "sample", 3, {"batch_size": 32})]
    assert app.query_params["run"] == list_runs()[0].id


@pytest.mark.usefixtures("owner")
def test_start_that_fails_says_why(open_page: OpenPage, monkeypatch):
    def refuse(*_: Any, **__: Any) -> Run:
        raise RunError("expected room on the disk, received none. Delete a run.")

    monkeypatch.setattr(actions.runs, "start_run", refuse)
    app = open_page("training")
    app.button(key="start").click().run()
    assert [error.value for error in app.error] == ["expected room on the disk, received none. Delete a run."]


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(
    ("state", "offered", "said"),
    [
        ("done", {"Delete for good"}, "done"),
        ("stopped", {"Resume", "Delete for good"}, "stopped"),
        ("failed", {"Resume", "Delete for good"}, "out of memory"),
        ("running", {"Resume", "Delete for good"}, "ended without a word after epoch 2"),
    ],
)
def test_run_that_is_over_says_so_and_offers_what_goes_on(open_page: OpenPage, state: str, offered: set[str], said: str):
    run = make_run(0.3, 0.5, state=state, message="out of memory" if state == "failed" else "")
    app = open_page("training", run=run.id)
    assert not app.exception
    assert said in texts(app)
    assert offered <= buttons(app)
    assert not {"Stop training", "Leave the queue"} & buttons(app)


@pytest.mark.usefixtures("owner")
def test_running_training_shows_progress_and_stops(open_page: OpenPage, working):
    run = working(0.3, 0.5, state="running")
    write_json(run.path / "progress.json", {"batch": 5, "batches": 10, "images_per_s": 321.0, "left_s": 240.0})
    app = open_page("training")
    said = texts(app)
    assert "Time left 4 min" in said
    assert "Images a second 321" in said
    assert "Best on validation 50.0 %" in said
    app.button(key="stop").click().run()
    assert load_run(run.id).state == "stopping"
    assert app.button(key="stop").disabled


@pytest.mark.usefixtures("owner")
def test_second_training_shows_its_place_in_the_queue(open_page: OpenPage, working):
    working(0.3, state="running")
    working(state="queued", queued_s=1.0)
    waiting = working(state="queued", queued_s=2.0)
    app = open_page("training", run=waiting.id)
    assert "Number **2** in the queue" in texts(app)
    assert "Leave the queue" in buttons(app)
    assert "waiting, 2 in the queue" in app.dataframe[0].value["state"].tolist()


def test_link_to_a_deleted_run_says_so_and_shows_another(open_page: OpenPage):
    kept, gone = make_run(0.4), make_run(0.6)
    shutil.rmtree(gone.path)
    app = open_page("training", run=gone.id)
    assert not app.exception
    assert gone.id in app.warning[0].value
    assert "not here any more" in app.warning[0].value
    assert kept.id in texts(app)


def test_damaged_run_folder_leaves_the_others_readable(open_page: OpenPage):
    kept, damaged = make_run(0.4), make_run(0.6)
    (damaged.path / RUN_FILE).write_text("{")
    app = open_page("training")
    assert not app.exception
    assert app.dataframe[0].value["id"].tolist() == [kept.id]


def test_run_shows_the_latest_confusion_with_its_n(open_page: OpenPage):
    run = make_run(0.4)
    write_json(run.path / CONFUSION_FILE, {"counts": np.full((7, 7), 3).tolist()})
    app = open_page("training", run=run.id)
    assert "n = 147 validation images" in texts(app)


@pytest.mark.usefixtures("owner")
def test_owner_sees_what_the_process_printed(open_page: OpenPage):
    run = make_run(0.4, state="failed", message="it failed")
    (run.path / LOG_FILE).write_text("Traceback: no such file")
    app = open_page("training", run=run.id)
    assert "Traceback: no such file" in app.code[0].value


def test_viewer_sees_why_a_run_failed_but_no_path_of_the_server(open_page: OpenPage):
    run = make_run(state="failed", message="/srv/faces/fer.csv:7: expected 2304 pixels, received 3.")
    write_json(run.path / RUN_FILE, read_document(run.path) | {"data": "/srv/faces/fer.csv"})
    (run.path / LOG_FILE).write_text("reading /srv/faces/fer.csv")
    app = open_page("training", run=run.id)
    assert "fer.csv:7: expected 2304 pixels" in app.error[0].value
    assert "/srv" not in texts(app)
    assert not app.code


@pytest.mark.usefixtures("owner")
def test_delete_removes_the_run_and_its_link(open_page: OpenPage):
    run = make_run(0.4)
    app = open_page("training", run=run.id)
    app.button(key=f"delete-{run.id}").click().run()
    assert not app.exception
    assert list_runs() == []
    assert "run" not in app.query_params


def test_two_linked_runs_are_compared(open_page: OpenPage):
    first, second = make_run(0.4), make_run(0.6, dropout=0.5)
    app = AppTest.from_file(str(open_page.__globals__["APP"]), default_timeout=60)
    app.query_params["run"] = [first.id, second.id]
    app.switch_page("pages/training.py").run()
    assert not app.exception
    assert "2 runs compared" in texts(app)
    assert "dropout" in app.dataframe[0].value.index


def test_differences_lists_results_and_only_the_settings_that_differ():
    first, second = make_run(0.4), make_run(0.6, dropout=0.5)
    table = differences([first, second])
    assert table.index.tolist() == ["best on validation", "epochs done", "time trained", "dropout"]
    assert table.loc["best on validation"].tolist() == ["40.0 %", "60.0 %"]
    assert table.loc["dropout"].tolist() == ["0.2", "0.5"]


def test_runs_table_gives_a_row_a_run():
    run = make_run(0.25, 0.5)
    row = runs_table([run]).iloc[0]
    assert (row["recipe"], row["state"], row["epochs"], row["best"]) == ("seed", "done", "2 of 5", 50.0)
    assert row["accuracy"] == [25.0, 50.0]
    assert row["time"] == "60 s"


@pytest.mark.usefixtures("owner")
def test_measuring_says_how_long_it_takes(open_page: OpenPage, monkeypatch):
    monkeypatch.setattr(runs, "measure_speed", lambda recipe: 100.0)
    app = open_page("training")
    app.button(key="measure").click().run()
    assert "at 100 images a second" in texts(app)
    assert "measure" not in {button.key for button in app.button}
