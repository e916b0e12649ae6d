"""Trainings that learn from more than labels: votes, and other models."""

from pathlib import Path

import numpy as np
import pytest

from fer_core.dataset import load_dataset, read_votes
from fer_core.errors import RunError
from fer_core.evaluation import evaluate
from fer_core.model import load_model
from fer_core.runs import list_runs, read_history, read_log, start_run
from tests.builders import make_csv, make_csv_with_votes
from tests.training.here import train_here

SMALL = {"batch_size": 16}


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(make_csv(tmp_path / "small.csv", train=210, validation=35, test=14))


def test_two_heads_learn_label_and_votes_on_clean_rows(tmp_path):
    data, votes = make_csv_with_votes(tmp_path, train=70)
    settings = SMALL | {"network": "vgg", "warmup_epochs": 0, "statistics": "running"}
    run = train_here("studio", data, epochs=1, settings=settings, votes=votes)
    assert run.state == "done", read_log(run.id)
    model = load_model(run.id)
    assert model.info.heads == ["label", "crowd"]
    assert model.info.rows_left_out == 1
    assert model.info.data["left_out"] == {"copies": 0, "blank": 0, "no_face": 1}
    assert len(model.info.data["votes_digest"]) == 64
    assert set(model.info.temperature) == {"label", "crowd"}
    assert all(0.05 <= value <= 20 for value in model.info.temperature.values())
    assert model.info.metrics["validation"]["crowd_n"] == 14
    assert read_history(run.id)[0]["val_crowd_accuracy"] == pytest.approx(
        model.info.metrics["validation"]["crowd_accuracy"], abs=1e-9
    )
    dataset = load_dataset(data)
    result = evaluate(model, dataset, "validation", votes=read_votes(votes, dataset))
    assert (result.head, result.against, len(result)) == ("crowd", "crowd", 14)
    assert result.accuracy.value == pytest.approx(model.info.metrics["validation"]["crowd_accuracy"])
    with np.load(model.path / "evaluation.npz") as answers:
        assert np.array_equal(answers["validation_crowd_logits"], result.logits)


def test_recipe_that_needs_votes_says_so_before_it_starts(data):
    with pytest.raises(RunError, match=r"studio: expected FER\+'s votes"):
        start_run("studio", data)
    assert list_runs() == []


def test_student_learns_from_what_its_teacher_said(data):
    teacher = train_here("seed", data, epochs=1, settings=SMALL)
    student = train_here("seed", data, epochs=1, settings=SMALL | {"teachers": teacher.id, "teacher_weight": 1})
    assert student.state == "done", read_log(student.id)
    assert f"asking {teacher.id}, view 4 of 4" in read_log(student.id)
    with np.load(student.path / "teachers.npz") as said:
        assert said["logits"].shape == (210, 7)
        assert np.allclose(said["logits"].sum(axis=1), 1, atol=1e-5)
    assert read_history(student.id)[0]["loss"] > read_history(teacher.id)[0]["loss"] + 0.05
