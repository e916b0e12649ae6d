"""The protocol check on predictions that are honest, and on such as are not."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from fer_core.audit import check_predictions
from fer_core.errors import DatasetError
from fer_core.labels import EMOTIONS
from fer_core.model import softmax
from tests.builders import logits_for, make_dataset, make_split

RANDOM = np.random.default_rng(0)
SPLITS = [
    make_split(name=name, labels=RANDOM.integers(7, size=n), first_row=first, seed=first)
    for name, n, first in (("train", 400, 0), ("validation", 200, 400), ("test", 200, 600))
]
DATASET = make_dataset(*SPLITS)
TRAIN, VALIDATION, TEST = SPLITS


def answer(labels, *, wrong=0.4, seed=1):
    """Probabilities (n, 7) that name the label but for a share of the rows."""
    random = np.random.default_rng(seed)
    said = np.where(random.random(len(labels)) < wrong, random.integers(7, size=len(labels)), labels)
    return softmax(logits_for(said, sure=2.0) + random.normal(0, 0.1, (len(labels), 7)))


def write(path, rows, probabilities, **more):
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", *EMOTIONS, *more])
        writer.writerows([row, *line, *rest] for row, line, *rest in zip(rows, probabilities, *more.values(), strict=True))
    return path


def faults(findings):
    return {found.check: found.summary for found in findings if not found.ok}


def test_honest_predictions_are_found_clean(tmp_path):
    findings = check_predictions(write(tmp_path / "p.csv", TEST.rows, answer(TEST.labels)), DATASET)
    assert faults(findings) == {}
    assert [found.check for found in findings] == [
        *("split", "rows", "swapped", "copies", "label_order", "logits", "rescaling", "interval")
    ]
    interval = findings[-1].figures
    assert interval["low"] < interval["accuracy"] < interval["high"]


def test_training_rows_under_the_name_of_test_are_named(tmp_path):
    path = write(tmp_path / "p.csv", TRAIN.rows, answer(TRAIN.labels, wrong=0.02))
    found = faults(check_predictions(path, DATASET, claimed_accuracy=0.98))
    assert found["split"] == "Claimed for test, but of 400 rows 400 of train: it is not test's figure."
    assert found["rows"] == "200 of test's 200 rows are missing; 400 rows are of another split."
    assert found["copies"] == "Every one of these 400 images is in train, itself or as an exact copy."
    assert set(found) == {"split", "rows", "copies"}


@pytest.mark.parametrize("with_labels", [True, False])
def test_answers_on_training_images_with_the_row_numbers_of_test_are_named(tmp_path, with_labels):
    labels = TRAIN.labels[: len(TEST)]
    more = {"true": labels} if with_labels else {}
    path = write(tmp_path / "p.csv", TEST.rows, answer(labels, wrong=0.02), **more)
    found = faults(check_predictions(path, DATASET))
    assert (
        found["split"] == "The rows are numbered as test's, but the answers follow train's labels, in order: they are train's."
    )
    assert ("labels are not the dataset's" in found.get("rows", "")) == with_labels


@pytest.mark.parametrize("rows", [VALIDATION.rows, TEST.rows])
def test_swapped_splits_are_named_by_rows_and_by_what_the_answers_follow(tmp_path, rows):
    found = faults(check_predictions(write(tmp_path / "p.csv", rows, answer(VALIDATION.labels)), DATASET))
    assert found["swapped"] == (
        "Swapped: these are the answers on validation (PublicTest) under the name of test (PrivateTest)."
    )


def test_labels_in_alphabetical_order_are_named_with_what_they_mean(tmp_path):
    alphabetical = [EMOTIONS.index(name) for name in sorted(EMOTIONS)]
    probabilities = answer(TEST.labels)
    honest = (probabilities.argmax(axis=1) == TEST.labels).mean()
    findings = check_predictions(write(tmp_path / "p.csv", TEST.rows, probabilities[:, alphabetical]), DATASET)
    found = faults(findings)
    assert found["label_order"].startswith(
        "The labels are in another order (alphabetical order): sad means neutral, surprise means sad, neutral means surprise;"
    )
    assert next(f for f in findings if f.check == "label_order").figures["best_accuracy"] == pytest.approx(honest)
    assert set(found) == {"label_order"}


def test_two_softmaxes_and_none_are_told_apart(tmp_path):
    probabilities = answer(TEST.labels)
    twice = faults(check_predictions(write(tmp_path / "a.csv", TEST.rows, softmax(probabilities)), DATASET))
    assert twice["logits"].endswith("The softmax was taken twice.")
    none = faults(check_predictions(write(tmp_path / "b.csv", TEST.rows, np.log(probabilities)), DATASET))
    assert none["logits"].startswith("These are no probabilities: values from -")


def test_rows_that_are_missing_or_twice_are_counted(tmp_path):
    rows = [*TEST.rows[:150], *TEST.rows[:3]]
    probabilities = answer(TEST.labels)[[*range(150), *range(3)]]
    found = faults(check_predictions(write(tmp_path / "p.csv", rows, probabilities), DATASET))
    assert found == {"rows": "50 of test's 200 rows are missing; 3 rows stand more than once."}


def test_claim_outside_the_interval_is_named(tmp_path):
    path = write(tmp_path / "p.csv", TEST.rows, answer(TEST.labels))
    found = faults(check_predictions(path, DATASET, claimed_accuracy=0.98))
    assert found["interval"].startswith("Claimed 98.0 %, measured 6")
    assert found["interval"].endswith("the claim lies outside.")


def test_copies_in_train_are_a_fault_where_they_carry_the_figure(tmp_path):
    copied = make_dataset(TRAIN, VALIDATION, replace(TEST, images=np.concatenate([TRAIN.images[:60], TEST.images[60:]])))
    labels = np.where(np.arange(200) < 60, TEST.labels, (TEST.labels + np.arange(200) % 2) % 7)
    finding = next(
        found
        for found in check_predictions(write(tmp_path / "p.csv", TEST.rows, answer(labels, wrong=0)), copied)
        if found.check == "copies"
    )
    assert (finding.ok, finding.figures["copies"], finding.figures["without"]) == (False, 60, 0.5)


def test_one_answer_for_all_images_is_taken_for_pixels_in_the_wrong_range(tmp_path):
    path = write(tmp_path / "p.csv", TEST.rows, answer(np.full(200, 3), wrong=0))
    assert faults(check_predictions(path, DATASET))["rescaling"].startswith("100 % of the answers are happy")


def test_one_image_is_enough_to_check_and_proves_nothing(tmp_path):
    one = make_dataset(make_split(1, name="train"), make_split(1, name="test", first_row=1, seed=2))
    path = write(tmp_path / "p.csv", [1], answer(np.array([0]), wrong=0))
    findings = check_predictions(path, one)
    assert faults(findings) == {}
    assert findings[-1].figures["low"] == pytest.approx(0.2065, abs=1e-3)


def test_dataset_without_the_claimed_split_is_refused(tmp_path):
    path = write(tmp_path / "p.csv", TRAIN.rows, answer(TRAIN.labels))
    with pytest.raises(DatasetError, match="expected one of the splits train, received 'test'"):
        check_predictions(path, make_dataset(TRAIN))
