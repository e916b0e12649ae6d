"""What the training process writes, wherever a kill comes between two of its writes."""

import os
from collections.abc import Callable

import numpy as np
import pytest

from fer_core.files import append_json_line, write_json
from fer_core.runs import create_run, read_confusion, read_history, read_steps
from fer_core.runs.folder import CONFUSION_FILE, HISTORY_FILE, STEPS_FILE
from fer_core.training.record import Record

CONFUSION = np.diag(np.arange(7))


def make_line(epoch: int) -> dict[str, float]:
    keys = ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "images_per_s", "seconds", "time_s")
    return {"epoch": epoch, **{key: epoch + 0.125 for key in keys}}


def killed_before_the_history(record: Record) -> None:
    """Epoch 2 has its checkpoint, and nothing else."""


def killed_in_the_history(record: Record) -> None:
    with (record.folder / HISTORY_FILE).open("ab") as file:
        file.write(b'{"epoch": 2, "lo')


def killed_before_the_confusion(record: Record) -> None:
    append_json_line(record.folder / HISTORY_FILE, make_line(2))


def killed_after_all(record: Record) -> None:
    append_json_line(record.folder / HISTORY_FILE, make_line(2))
    write_json(record.folder / CONFUSION_FILE, {"epoch": 2, "counts": CONFUSION.tolist()})


def recover_from(kill: Callable[[Record], None]) -> Record:
    """A run that was killed in its second epoch and taken up again."""
    record = Record(create_run("seed", "sample").path)
    record.epoch(make_line(1), np.zeros((7, 7), np.int64))
    kill(record)
    record.recover(make_line(2), CONFUSION)
    return record


@pytest.mark.parametrize(
    "kill", [killed_before_the_history, killed_in_the_history, killed_before_the_confusion, killed_after_all]
)
def test_recover_has_each_epoch_once_wherever_the_kill_came(kill):
    record = recover_from(kill)
    record.epoch(make_line(3), CONFUSION)
    lines = (record.folder / HISTORY_FILE).read_text().splitlines()
    assert len(lines) == 3
    assert read_history(record.folder.name) == [make_line(1), make_line(2), make_line(3)]


@pytest.mark.parametrize("kill", [killed_before_the_history, killed_before_the_confusion])
def test_recover_brings_the_confusion_up_to_the_checkpoint(kill):
    record = recover_from(kill)
    assert read_confusion(record.folder.name).tolist() == CONFUSION.tolist()


def test_recover_leaves_files_alone_that_are_whole():
    run = create_run("seed", "sample")
    record = Record(run.path)
    record.epoch(make_line(1), CONFUSION)
    path = run.path / HISTORY_FILE
    os.utime(path, ns=(1, 1))
    record.recover(make_line(1), CONFUSION)
    assert path.stat().st_mtime_ns == 1


def test_recover_without_a_line_only_drops_what_was_cut():
    run = create_run("seed", "sample")
    record = Record(run.path)
    append_json_line(run.path / STEPS_FILE, {"epoch": 0.5})
    with (run.path / STEPS_FILE).open("ab") as file:
        file.write(b'{"epoch": 0.6')
    record.recover({}, np.zeros((0, 0), np.int64))
    append_json_line(run.path / STEPS_FILE, {"epoch": 0.7})
    assert [point["epoch"] for point in read_steps(run.id)] == [0.5, 0.7]
    assert read_history(run.id) == []
    assert read_confusion(run.id) is None
