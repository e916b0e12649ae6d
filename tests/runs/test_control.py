import os
import re

import pytest

from fer_core.errors import RunError
from fer_core.files import append_json_line, write_json
from fer_core.runs import create_run, delete_run, list_runs, load_run, read_history, read_log, read_steps, resume_run, stop_run
from fer_core.runs.control import hold_run
from fer_core.runs.folder import HISTORY_FILE, RUN_FILE, STEPS_FILE, read_document, waiting_ids

LINE = {"loss": 1.0, "accuracy": 0.5, "val_loss": 1.2, "learning_rate": 1e-3, "images_per_s": 10.0, "seconds": 2.0}


@pytest.fixture
def held():
    """Runs, each as if its process lived."""
    handles = []

    def hold(**fields):
        run = create_run("seed", "sample", epochs=3)
        handles.append(hold_run(run.id))
        write_json(run.path / RUN_FILE, {**read_document(run.path), **fields})
        return run

    yield hold
    for handle in handles:
        os.close(handle)


def test_run_whose_process_is_gone_is_interrupted():
    run = create_run("seed", "sample")
    write_json(run.path / RUN_FILE, {**read_document(run.path), "state": "running"})
    assert load_run(run.id).state == "interrupted"
    assert "Resume starts it again" in load_run(run.id).message


def test_run_whose_process_lives_is_running_until_asked_to_stop(held):
    run = held(state="running")
    assert load_run(run.id).state == "running"
    assert stop_run(run.id).state == "stopping"


def test_queue_is_in_the_order_of_arrival(held):
    first, second = held(queued_s=1.0), held(queued_s=2.0)
    assert waiting_ids() == [first.id, second.id]
    assert [load_run(run.id).queue_position for run in (first, second)] == [1, 2]


@pytest.mark.parametrize("action", [resume_run, delete_run])
def test_run_that_is_worked_on_cannot_be_taken(held, action):
    run = held(state="running")
    with pytest.raises(RunError, match=re.escape(f"{run.id}: is being worked on")):
        action(run.id)
    assert load_run(run.id).state == "running"


def test_stop_refuses_a_run_that_is_over():
    run = create_run("seed", "sample")
    write_json(run.path / RUN_FILE, {**read_document(run.path), "state": "done"})
    with pytest.raises(RunError, match="received one that is done"):
        stop_run(run.id)
    with pytest.raises(RunError, match="Start a new one"):
        resume_run(run.id)


def test_delete_run_removes_the_folder():
    run = create_run("seed", "sample")
    delete_run(run.id)
    assert not run.path.exists()
    with pytest.raises(RunError, match="no such folder"):
        load_run(run.id)


@pytest.mark.parametrize("run_id", ["", ".", "..", "../x", "a/b", "none"])
def test_load_run_refuses_what_is_no_id(run_id):
    with pytest.raises(RunError, match="expected the id of a run"):
        load_run(run_id)


def test_list_runs_leaves_out_a_damaged_folder():
    whole, damaged = create_run("seed", "sample"), create_run("compact", "sample")
    (damaged.path / RUN_FILE).write_text("{")
    assert [run.id for run in list_runs()] == [whole.id]


def test_history_has_every_epoch_once_as_run_last():
    run = create_run("seed", "sample")
    for epoch, accuracy in [(1, 0.1), (2, 0.2), (2, 0.3)]:
        append_json_line(run.path / HISTORY_FILE, {**LINE, "epoch": epoch, "val_accuracy": accuracy})
    with (run.path / HISTORY_FILE).open("a") as file:
        file.write('{"epoch": 3, "lo')
    assert [(line["epoch"], line["val_accuracy"]) for line in read_history(run.id)] == [(1, 0.1), (2, 0.3)]
    assert load_run(run.id).best_validation == 0.3
    assert load_run(run.id).epochs_done == 2


def test_steps_leave_out_what_was_run_again():
    run = create_run("seed", "sample")
    for epoch in (0.5, 1.0, 1.5, 1.2, 1.6):
        append_json_line(run.path / STEPS_FILE, {"epoch": epoch})
    assert [step["epoch"] for step in read_steps(run.id)] == [0.5, 1.0, 1.2, 1.6]


def test_log_of_a_run_without_one_is_empty():
    assert read_log(create_run("seed", "sample").id) == ""
