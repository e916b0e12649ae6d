import pytest

from fer_core.errors import RunError
from fer_core.runs import RECIPES, Recipe, changed_settings, find_recipe, with_settings


def test_find_recipe_gives_the_nearest_name_of_an_unknown_one():
    with pytest.raises(
        RunError, match=r"expected a recipe of seed, compact, studio, quick, received 'compct'\. Did you mean compact\?"
    ):
        find_recipe("compct")


@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [
        ("epochs", "3", 3),
        ("learning_rate", "1e-2", 0.01),
        ("dropout", 0, 0.0),
        ("augment", "erase, flip", ("flip", "erase")),
        ("augment", "none", ()),
        ("optimizer", "sgd", "sgd"),
    ],
)
def test_with_settings_converts_text(key, given, kept):
    assert getattr(with_settings(RECIPES["seed"], {key: given}), key) == kept


@pytest.mark.parametrize(
    ("key", "given", "words"),
    [
        ("epoch", 3, "Did you mean epochs"),
        ("epochs", 0, "a whole number 1 to 10000, received 0"),
        ("epochs", "2.5", "a whole number"),
        ("epochs", "many", "received 'many'"),
        ("learning_rate", "nan", "a number 1e-07 to 10"),
        ("dropout", 1, "0 to 0.95"),
        ("augment", "flip,blur", "received 'blur'"),
        ("schedule", "linear", "constant, cosine"),
        ("name", "x", "received 'name'"),
    ],
)
def test_with_settings_refuses_what_cannot_be_used(key, given, words):
    with pytest.raises(RunError, match=words):
        with_settings(RECIPES["seed"], {key: given})


def test_changed_settings_gives_the_differences_alone():
    recipe = with_settings(RECIPES["compact"], {"epochs": 2, "augment": "flip"})
    assert changed_settings(recipe) == {"epochs": 2, "augment": ["flip"]}


def test_recipe_survives_json():
    for recipe in RECIPES.values():
        assert Recipe.from_json(recipe.to_json()) == recipe


def test_recipe_of_another_time_loses_settings_that_are_none_any_more():
    stored = RECIPES["studio"].to_json() | {"crop": 40}
    del stored["teachers"]
    assert Recipe.from_json(stored) == RECIPES["studio"]
