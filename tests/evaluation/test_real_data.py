"""The shipped models on the real FER2013, beside scikit-learn."""

import csv
import json

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from sklearn import metrics as reference

from fer_core.evaluation import evaluate, read_ledger
from fer_core.evaluation.answers import Question, find_answers
from fer_core.model import Classifier, load_model, shipped_dir

pytestmark = pytest.mark.real_data


@pytest.mark.parametrize("name", ["seed", "compact", "studio"])
def test_evaluate_of_a_shipped_model_on_test_equals_scikit_learn_and_its_card(fer2013, home, name):
    model = load_model(name)
    result = evaluate(model, fer2013, "test")
    assert len(result) == 3589
    assert result.accuracy.value == pytest.approx(model.info.metrics["test"]["accuracy"])
    assert result.accuracy.value == pytest.approx(reference.accuracy_score(result.labels, result.predicted))
    assert result.macro_f1.value == pytest.approx(reference.f1_score(result.labels, result.predicted, average="macro"))
    assert result.log_loss.value == pytest.approx(reference.log_loss(result.labels, result.probabilities))
    assert result.times_tested == len({line["model_digest"] for line in model.info.test_evaluations} | {model.digest})
    assert [line["model_digest"] for line in read_ledger()] == [model.digest]


@pytest.mark.parametrize("name", ["seed", "compact", "studio"])
def test_evaluate_finds_in_a_shipped_file_what_the_model_answers(fer2013, name):
    model, split = load_model(name), fer2013.split("validation")
    shares = []
    stored = find_answers(model, Question(split), progress=shares.append).logits
    assert shares == []
    some = np.arange(0, len(split), 40)
    np.testing.assert_allclose(Classifier(model).predict_logits(split.images[some]), stored[some], atol=1e-3)


@pytest.mark.parametrize("name", ["seed", "compact", "studio"])
def test_a_shipped_network_alone_has_the_accuracy_of_its_card_on_test(fer2013_csv, name):
    folder = shipped_dir() / name
    metrics = json.loads((folder / "model.json").read_text())["metrics"]["test"]
    with open(fer2013_csv, newline="") as file:
        rows = [(row["emotion"], row["pixels"]) for row in csv.DictReader(file) if row["Usage"] == "PrivateTest"]
    network = Interpreter(str(folder / "model.tflite")).get_signature_runner()
    right = 0
    for start in range(0, len(rows), 97):
        part = rows[start : start + 97]
        image = np.array([pixels.split() for _, pixels in part], np.uint8).reshape(-1, 48, 48, 1)
        said = network(image=image)["logits"].argmax(axis=1)
        right += int((said == np.array([int(emotion) for emotion, _ in part])).sum())
    assert len(rows) == metrics["n"] == 3589
    assert right / len(rows) == pytest.approx(metrics["accuracy"], abs=1.5 / 3589)
