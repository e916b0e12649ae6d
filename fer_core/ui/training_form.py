"""Starting a training: recipe, dataset, a few knobs and the time it will take."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from fer_core import runs
from fer_core.dataset import list_exclusions
from fer_core.errors import DatasetError, FerError
from fer_core.runs import AUGMENTATIONS, RECIPES, Recipe, with_settings
from fer_core.ui import actions, load, pick
from fer_core.ui.durations import spoken
from fer_core.ui.sources import DataSource

BATCH_SIZES = (16, 32, 64, 128, 256, 512)
VALIDATION_COST = 1 / 3
"""Cost of looking at a validation image, where training on one costs 1."""
START_S = 20.0
"""Time for TensorFlow to load and for the model to be written."""
_NEEDED = ("train", "validation")
_NEEDS_VOTES = (
    "The recipe {} learns from the votes of FER+ too, and there are none on the dataset {}. Choose FER2013, and name FER+'s "
    "`fer2013new.csv` in `FERPLUS_CSV` before the app starts."
)


def draw(*, owner: bool) -> None:
    """Show the form to an owner; tell a viewer who starts trainings."""
    if not owner:
        st.subheader("Trainings", anchor=False)
        st.markdown("Every training can be followed and compared here. The owner of this app starts and stops them.")
        return
    st.subheader("New training", anchor=False)
    recipe = RECIPES[pick.choice("recipe", "Recipe", list(RECIPES), look="buttons")]
    st.caption(recipe.summary)
    source = pick.source()
    sizes = _split_sizes(source)
    changes = _pick_settings(recipe)
    if sizes is None:
        return
    chosen = with_settings(recipe, changes)
    if chosen.needs_votes and load.votes(load.dataset(source)) is None:
        st.info(_NEEDS_VOTES.format(recipe.name, source.title))
        return
    exclude = _pick_exclusion()
    _time_needed(chosen, sizes)
    if st.button("Start training", type="primary", width="stretch", key="start"):
        _start(recipe, source, changes, exclude)


def estimate_s(recipe: Recipe, sizes: Mapping[str, int], speed: float) -> float:
    """Estimate a training's duration in seconds.

    Args:
        recipe: how many epochs.
        sizes: images in "train" and "validation".
        speed: images a second while training.
    """
    return START_S + recipe.epochs * (sizes["train"] + VALIDATION_COST * sizes["validation"]) / speed


def _split_sizes(source: DataSource) -> dict[str, int] | None:
    """Give the images of train and validation; None, with a sentence, where a training cannot use the dataset."""
    try:
        dataset = load.dataset(source)
    except DatasetError as error:
        st.error(str(error))
        return None
    missing = [name for name in _NEEDED if name not in dataset.splits]
    if missing:
        st.error(f"A training needs train and validation; {source.title} has no {missing[0]}. Choose another dataset.")
        return None
    sizes = {name: len(dataset.split(name)) for name in _NEEDED}
    st.caption(f"{sizes['train']:,} images to train on, {sizes['validation']:,} to validate.")
    return sizes


def _pick_settings(recipe: Recipe) -> dict[str, Any]:
    """Give the settings that differ from the recipe's."""
    name = recipe.name
    wanted: dict[str, Any] = {
        "epochs": st.number_input(
            "Epochs", 1, 1000, recipe.epochs, key=f"epochs-{name}", help="How often it sees all training images."
        )
    }
    with st.expander("More settings"):
        sizes = sorted({*BATCH_SIZES, recipe.batch_size})
        wanted["batch_size"] = st.selectbox(
            "Batch size", sizes, sizes.index(recipe.batch_size), key=f"batch-{name}", help="Images in one step."
        )
        wanted["learning_rate"] = st.number_input(
            "Learning rate", 1e-6, 10.0, recipe.learning_rate, step=1e-4, format="%.6f", key=f"rate-{name}"
        )
        wanted["dropout"] = st.slider("Dropout", 0.0, 0.9, recipe.dropout, 0.05, key=f"dropout-{name}")
        picked = st.pills(
            "Augmentation",
            AUGMENTATIONS,
            selection_mode="multi",
            default=list(recipe.augment),
            key=f"augment-{name}",
            help="Changes made at random to the training images.",
        )
        wanted["augment"] = tuple(step for step in AUGMENTATIONS if step in picked)
    return {key: value for key, value in wanted.items() if value != getattr(recipe, key)}


def _time_needed(recipe: Recipe, sizes: Mapping[str, int]) -> None:
    """Say how long it takes, from runs before or a measurement, or offer to measure."""
    measured: dict[tuple[object, ...], float] = st.session_state.setdefault("measured_speeds", {})
    key = (recipe.network, recipe.batch_size, recipe.augment)
    speed = runs.known_speed(recipe) or measured.get(key)
    if speed:
        st.markdown(f"About **{spoken(estimate_s(recipe, sizes, speed))}** on this machine, at {speed:,.0f} images a second.")
    elif st.button("Measure how long it takes", width="stretch", key="measure", help="Trains a few steps and forgets them."):
        with st.spinner("Training a few steps in a process of its own; about 15 seconds."):
            try:
                measured[key] = actions.measure_speed(recipe)
            except FerError as error:
                st.error(str(error))
                return
        st.rerun()


def _pick_exclusion() -> str | None:
    """Choose a list of rows to leave out, where there are any."""
    names = list_exclusions()
    if not names:
        return None
    chosen = st.selectbox(
        "Leave out", ["nothing", *names], key="exclude", help="Rows that somebody put on a list under this name."
    )
    return None if chosen == "nothing" else chosen


def _start(recipe: Recipe, source: DataSource, changes: dict[str, Any], exclude: str | None) -> None:
    settings = {key: value for key, value in changes.items() if key != "epochs"}
    try:
        run = actions.start_training(recipe.name, source, epochs=changes.get("epochs"), settings=settings, exclude=exclude)
    except FerError as error:
        st.error(str(error))
        return
    st.query_params["run"] = run.id
    st.rerun()
