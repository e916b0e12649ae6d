"""Evaluations: true figures, from disk only what can be trusted, and a ledger of test."""

import json
from dataclasses import replace

import numpy as np
import pytest

from fer_core.errors import DatasetError, ModelError
from fer_core.evaluation import (
    answers,
    evaluate,
    metrics,
    read_ledger,
)
from fer_core.model import softmax
from tests.builders import make_dataset, make_model, make_split
from tests.evaluation.pixel_classifier import PixelClassifier, pixel_logits

pytestmark = pytest.mark.usefixtures("classifier")

FIGURE_KEYS = {f"{name}{end}" for name in ("accuracy", "macro_f1", "log_loss", "ece") for end in ("", "_ci95")}


class SilentClassifier(PixelClassifier):
    def predict_logits(self, images, head="label"):
        return np.full((len(images), 7), np.nan, np.float32)


def test_evaluate_gives_the_figures_of_the_models_answers(tmp_path):
    split = make_split(70, first_row=100)
    result = evaluate(make_model(tmp_path / "m", selected_on="validation"), make_dataset(split), "test")
    logits = pixel_logits(split.images)
    probabilities = softmax(logits.astype(float))
    np.testing.assert_array_equal(result.logits, logits)
    np.testing.assert_array_equal(result.rows, np.arange(100, 170))
    assert result.accuracy.value == np.mean(logits.argmax(axis=1) == split.labels)
    assert result.confusion.sum() == 70
    assert result.log_loss.value == metrics.log_loss(probabilities, split.labels)
    assert result.ece.value == metrics.calibration_error(probabilities, split.labels)
    for figure in (result.accuracy, result.macro_f1, result.log_loss, result.per_class["happy"]["f1"]):
        assert figure.low < figure.value < figure.high
    assert result.per_class["happy"]["n"] == 10
    assert result.selected_on == "validation"


def test_evaluate_gives_intervals_of_a_plain_bootstrap(tmp_path):
    split = make_split(30)
    result = evaluate(make_model(tmp_path / "m"), make_dataset(split), "test")
    drawn = np.random.default_rng(0).integers(30, size=(2000, 30), dtype=np.int32)
    confusions = [metrics.confusion_matrix(split.labels[row], result.predicted[row]) for row in drawn]
    errors = [metrics.calibration_error(result.probabilities[row], split.labels[row]) for row in drawn]
    low, high = np.percentile([metrics.macro_f1(confusion) for confusion in confusions], [2.5, 97.5])
    assert (result.macro_f1.low, result.macro_f1.high) == pytest.approx((low, high))
    assert (result.ece.low, result.ece.high) == pytest.approx(tuple(np.percentile(errors, [2.5, 97.5])))


def test_evaluate_divides_logits_by_the_models_temperature_also_from_the_cache(tmp_path):
    dataset = make_dataset(make_split(70))
    plain = make_model(tmp_path / "m")
    warm = replace(plain, info=replace(plain.info, temperature={"label": 2.0}))
    first, second, again = (evaluate(model, dataset, "test") for model in (plain, warm, plain))
    np.testing.assert_allclose(second.probabilities, softmax(first.logits.astype(float), 2.0))
    assert second.log_loss.low != first.log_loss.low
    assert again.log_loss == first.log_loss


def test_evaluate_json_is_what_the_command_line_promises(tmp_path):
    document = json.loads(
        json.dumps(
            evaluate(make_model(tmp_path / "m"), make_dataset(make_split(70)), "test").to_json(),
            allow_nan=False,
        )
    )
    others = {"model", "parameters", "split", "against", "head", "n", "per_class", "confusion", "selected_on", "times_tested"}
    assert set(document) == FIGURE_KEYS | others
    assert (document["parameters"], document["n"], document["against"], document["head"]) == (551687, 70, "label", "label")
    assert set(document["per_class"]["sad"]) == {"precision", "precision_ci95", "recall", "recall_ci95", "f1", "f1_ci95", "n"}
    assert np.array(document["confusion"]).shape == (7, 7)


def test_evaluate_enters_test_in_the_ledger_once_and_counts_models(tmp_path):
    dataset = make_dataset(make_split(28))
    one, two = (make_model(tmp_path / name, weights=name.encode(), name=name) for name in ("one", "two"))
    assert [evaluate(model, dataset, "test").times_tested for model in (one, one, two, one)] == [1, 1, 2, 2]
    assert [line["model"] for line in read_ledger()] == ["one", "two"]
    line, result = read_ledger()[0], evaluate(one, dataset, "test")
    assert (line["recipe"], line["run_id"], line["n"]) == ("seed", "run-1", 28)
    assert line["split_digest"] == dataset.split("test").digest
    assert line["accuracy"] == result.accuracy.value


def test_evaluate_tells_how_far_it_is(tmp_path):
    told = []
    evaluate(make_model(tmp_path / "m"), make_dataset(make_split(600)), "test", progress=lambda *step: told.append(step))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert told[0][1] == "256 of 600 images"


@pytest.mark.parametrize("labels", [[3] * 9, [0], []], ids=["one class", "one image", "no images"])
def test_evaluate_of_little_is_defined(tmp_path, labels):
    result = evaluate(make_model(tmp_path / "m"), make_dataset(make_split(labels=labels)), "test")
    document = result.to_json()
    json.dumps(document, allow_nan=False)
    assert document["n"] == len(labels)
    assert document["per_class"]["fear"]["recall_ci95"] == [0, 1]
    assert (document["accuracy"] is None) == (labels == [])


def test_evaluate_of_a_split_that_is_not_there_names_those_that_are(tmp_path):
    with pytest.raises(DatasetError, match="validation"):
        evaluate(make_model(tmp_path / "m"), make_dataset(make_split(7, name="validation")), "test")


def test_evaluate_refuses_answers_that_are_no_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "Classifier", SilentClassifier)
    with pytest.raises(ModelError, match="dataset row 50 and 3 more"):
        evaluate(make_model(tmp_path / "m"), make_dataset(make_split(4, first_row=50)), "test")
    assert read_ledger() == []


def test_evaluate_goes_on_where_its_cache_cannot_be_written(tmp_path, home):
    (home / "evaluations").parent.mkdir(parents=True)
    (home / "evaluations").write_text("in the way")
    assert len(evaluate(make_model(tmp_path / "m"), make_dataset(make_split(7)), "test")) == 7
