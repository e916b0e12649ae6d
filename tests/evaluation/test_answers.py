"""What a model answered: run once, from disk only what can be trusted."""

import io
from dataclasses import replace

import numpy as np
import pytest

from fer_core.evaluation import answers, evaluate, read_ledger
from tests.builders import logits_for, make_dataset, make_model, make_split
from tests.evaluation.pixel_classifier import pixel_logits

pytestmark = pytest.mark.usefixtures("classifier")


def write_evaluation_file(model, split, **changes):
    arrays = {"row": split.rows, "label": split.labels, "logits": pixel_logits(split.images)} | changes
    np.savez(model.path / "evaluation.npz", **{f"{split.name}_{key}": value for key, value in arrays.items()})


def model_trained_on(folder, *splits):
    known = {split.name: {"n": len(split), "digest": split.digest} for split in splits}
    return make_model(folder, data={"name": "tiny", "digest": "d", "splits": known})


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
