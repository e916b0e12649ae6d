"""Evaluations: true figures, from disk only what can be trusted, and a ledger of test."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest

from fer_core.errors import DatasetError, ModelError
from fer_core.evaluation import (
    answers,
    cell_positions,
    compare,
    evaluate,
    margins,
    metrics,
    most_uncertain,
    read_ledger,
    worst_errors,
)
from fer_core.model import softmax
from tests.builders import logits_for, make_dataset, make_model, make_split

FIGURE_KEYS = {f"{name}{end}" for name in ("accuracy", "macro_f1", "log_loss", "ece") for end in ("", "_ci95")}


class PixelClassifier:
    """Answers with the first seven pixels of each image, and counts the images it saw."""

    seen = 0

    def __init__(self, model, *, threads=1):
        self.model = model

    def predict_logits(self, images, head="label"):
        type(self).seen += len(images)
        return pixel_logits(images)


class SilentClassifier(PixelClassifier):
    def predict_logits(self, images, head="label"):
        return np.full((len(images), 7), np.nan, np.float32)


def pixel_logits(images):
    return images[:, 0, :7].astype(np.float32) / 50


@pytest.fixture(autouse=True)
def classifier(tmp_path, monkeypatch):
    class Fresh(PixelClassifier):
        pass

    monkeypatch.setattr(answers, "Classifier", Fresh)
    monkeypatch.setattr("fer_core.model.folders.shipped_dir", lambda: tmp_path / "shipped")
    return Fresh


def write_evaluation_file(model, split, **changes):
    arrays = {"row": split.rows, "label": split.labels, "logits": pixel_logits(split.images)} | changes
    np.savez(model.path / "evaluation.npz", **{f"{split.name}_{key}": value for key, value in arrays.items()})


def model_trained_on(folder, *splits):
    known = {split.name: {"n": len(split), "digest": split.digest} for split in splits}
    return make_model(folder, data={"name": "tiny", "digest": "d", "splits": known})


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


def test_evaluate_runs_the_model_once(tmp_path, classifier):
    model, dataset = make_model(tmp_path / "m"), make_dataset(make_split(70))
    first = evaluate(model, dataset, "test")
    assert classifier.seen == 70
    second = evaluate(model, dataset, "test")
    assert classifier.seen == 70 + 32
    assert second.to_json() == first.to_json()


def npy_bytes():
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"no archive", npy_bytes()])
def test_evaluate_computes_again_what_a_corrupt_cache_lost(tmp_path, classifier, content):
    model, split = make_model(tmp_path / "m"), make_split(70)
    first = evaluate(model, make_dataset(split), "test")
    answers.cache_path(model, answers.Question(split)).write_bytes(content)
    assert evaluate(model, make_dataset(split), "test").to_json() == first.to_json()
    assert classifier.seen == 140


def test_evaluate_does_not_take_another_orders_answers_from_the_cache(tmp_path):
    split = make_split(70)
    model = make_model(tmp_path / "m")
    evaluate(model, make_dataset(split), "test")
    turned = replace(split, images=split.images[::-1], labels=split.labels[::-1])
    result = evaluate(model, make_dataset(turned), "test")
    np.testing.assert_array_equal(result.logits, pixel_logits(turned.images))


def test_evaluate_takes_the_models_own_file_for_the_splits_it_knows(tmp_path, classifier):
    split = make_split(70, name="validation")
    model = model_trained_on(tmp_path / "m", split)
    write_evaluation_file(model, split)
    result = evaluate(model, make_dataset(split), "validation")
    assert classifier.seen == 32
    np.testing.assert_array_equal(result.logits, pixel_logits(split.images))
    assert result.times_tested is None
    assert read_ledger() == []


BAD_FILES = {
    "another model's": {"logits": logits_for([0] * 70)},
    "other rows": {"row": np.arange(1, 71, dtype=np.int32)},
    "other labels": {"label": np.zeros(70, np.uint8)},
    "a row less": {"logits": logits_for([0] * 69)},
    "not finite": {"logits": np.full((70, 7), np.nan, np.float32)},
    "objects": {"logits": np.array([None] * 70)},
}


@pytest.mark.parametrize("changes", BAD_FILES.values(), ids=BAD_FILES)
def test_evaluate_runs_the_model_where_its_file_is_wrong(tmp_path, changes):
    split = make_split(70)
    model = model_trained_on(tmp_path / "m", split)
    write_evaluation_file(model, split, **changes)
    np.testing.assert_array_equal(evaluate(model, make_dataset(split), "test").logits, pixel_logits(split.images))


def test_evaluate_runs_the_model_where_its_file_is_of_other_data(tmp_path, classifier):
    split = make_split(70)
    model = model_trained_on(tmp_path / "m", make_split(70, seed=1))
    write_evaluation_file(model, split)
    evaluate(model, make_dataset(split), "test")
    assert classifier.seen == 70


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


def test_cell_positions_are_the_cells_rows_most_confident_first(tmp_path):
    split = make_split(210)
    result = evaluate(make_model(tmp_path / "m"), make_dataset(split), "test")
    positions = cell_positions(result, "happy", "sad")
    assert len(positions) == result.confusion[3, 4] > 1
    assert (split.labels[positions] == 3).all()
    assert (result.predicted[positions] == 4).all()
    assert (np.diff(result.probabilities[positions].max(axis=1)) <= 0).all()


def test_worst_errors_are_all_wrong_answers_most_confident_first_and_equal_ones_by_row(tmp_path):
    result = evaluate(make_model(tmp_path / "m"), make_dataset(make_split(5)), "test")
    probabilities = np.full((5, 7), 0.02)
    probabilities[np.arange(5), [0, 2, 1, 1, 0]] = [0.9, 0.5, 0.7, 0.7, 0.6]
    result = replace(result, probabilities=probabilities, predicted=probabilities.argmax(axis=1))
    assert result.labels.tolist() == [0, 1, 2, 3, 4]
    assert worst_errors(result).tolist() == [2, 3, 4, 1]


def test_most_uncertain_are_all_images_smallest_margin_first(tmp_path):
    result = evaluate(make_model(tmp_path / "m"), make_dataset(make_split(3)), "test")
    probabilities = np.array([[0.5, 0.3, 0.2, 0, 0, 0, 0], [0, 0, 0.4, 0.2, 0.4, 0, 0], [0, 0, 0, 0, 0, 0, 1]])
    assert margins(probabilities) == pytest.approx([0.2, 0, 1])
    assert most_uncertain(replace(result, probabilities=probabilities)).tolist() == [1, 0, 2]


def test_compare_finds_the_images_that_only_one_model_gets_right(tmp_path, classifier):
    split = make_split(n=40)
    first = evaluate(make_model(tmp_path / "a", name="a"), make_dataset(split), "test")
    named = first.predicted.copy()
    named[:5] = split.labels[:5]
    second = replace(first, predicted=named, confusion=metrics.confusion_matrix(split.labels, named))
    found = compare(second, first)
    gained = np.flatnonzero(first.predicted[:5] != split.labels[:5])
    assert sorted(found.only_first) == gained.tolist()
    assert np.diff(second.probabilities.max(axis=1)[found.only_first]).max() <= 0
    assert len(found.only_second) == 0
    assert found.p == pytest.approx(2 * 0.5 ** len(gained))
    assert found.gain.value == pytest.approx(len(gained) / 40)
    assert found.gain.low < found.gain.value < found.gain.high
    assert (found.cells.sum(), np.trace(found.cells)) == (0, len(gained))
    with pytest.raises(ValueError, match="the same rows"):
        compare(first, replace(first, rows=first.rows + 1))


def test_cell_positions_refuse_what_is_no_emotion(tmp_path):
    result = evaluate(make_model(tmp_path / "m"), make_dataset(make_split(7)), "test")
    with pytest.raises(ValueError, match="received joy"):
        cell_positions(result, "joy", "sad")
