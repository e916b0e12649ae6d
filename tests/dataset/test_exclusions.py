"""Exclusion lists: named, of one dataset; rules that leave training rows out."""

import json

import numpy as np
import pytest

from fer_core.dataset import LEAVE_OUT, find_left_out, list_exclusions, read_exclusion, read_votes, save_exclusion
from fer_core.errors import DatasetError
from fer_core.runs.recipes import LEAVE_OUT as RULES_OF_RECIPES
from tests.builders import make_dataset, make_split, make_votes


@pytest.fixture
def dataset():
    train = make_split(6, name="train")
    validation = make_split(3, name="validation", first_row=6, seed=1)
    images = train.images.copy()
    images[1], images[4] = validation.images[2], 7
    return make_dataset(type(train)("train", images, train.labels, train.rows, "t"), validation)


def test_exclusion_list_comes_back_for_its_dataset(home, dataset):
    path = save_exclusion("odd-ones", dataset, [3, 1, 3], note="why")
    assert path == home / "exclusions" / "odd-ones.json"
    assert list_exclusions() == ["odd-ones"]
    assert read_exclusion("odd-ones", dataset).tolist() == [1, 3]


def test_exclusion_list_of_another_dataset_is_refused(home, dataset):
    save_exclusion("odd-ones", dataset, [1])
    with pytest.raises(DatasetError, match=r"expected a list made for tiny .*, received one for tiny"):
        read_exclusion("odd-ones", make_dataset(make_split(6, name="train")))


def test_exclusion_list_that_is_missing_or_damaged_says_so(home, dataset):
    save_exclusion("one", dataset, [1])
    with pytest.raises(DatasetError, match=r"exclusion list \(one\), received 'two'"):
        read_exclusion("two", dataset)
    (home / "exclusions" / "one.json").write_text("{")
    with pytest.raises(DatasetError, match="received something else"):
        read_exclusion("one", dataset)


def test_save_exclusion_refuses_other_names_and_rows(home, dataset):
    with pytest.raises(DatasetError, match="small letters"):
        save_exclusion("../x", dataset, [1])
    with pytest.raises(DatasetError, match="received 99"):
        save_exclusion("x", dataset, [99])
    assert list_exclusions() == []


def test_list_that_names_rows_the_dataset_lacks_is_refused(home, dataset):
    path = save_exclusion("x", dataset, [1])
    path.write_text(json.dumps(json.loads(path.read_text()) | {"rows": [1, 40]}))
    with pytest.raises(DatasetError, match="received 40"):
        read_exclusion("x", dataset)


def test_find_left_out_gives_training_rows_by_rule(home, tmp_path, dataset):
    votes = read_votes(make_votes(tmp_path / "votes.csv", dataset, no_face=[0, 6]), dataset)
    save_exclusion("mine", dataset, [5, 8])
    found = find_left_out(dataset, LEAVE_OUT, votes, "mine")
    assert {rule: rows.tolist() for rule, rows in found.items()} == {
        "copies": [1],
        "blank": [4],
        "no_face": [0],
        "list mine": [5],
    }
    kept = dataset.split("train").without(np.concatenate(list(found.values())))
    assert kept.rows.tolist() == [2, 3]
    assert np.array_equal(kept.images, dataset.split("train").images[2:4])


def test_find_left_out_asks_for_votes_it_needs(dataset):
    with pytest.raises(DatasetError, match="no_face needs FER"):
        find_left_out(dataset, ("no_face",))
    assert find_left_out(dataset, ()) == {}


def test_recipes_know_the_same_rules():
    assert RULES_OF_RECIPES == LEAVE_OUT
