"""Starting a training: recipe, dataset, a few knobs and the time it will take."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from fer_core import runs
from fer_core.dataset import Dataset
from fer_core.errors import FerError
from fer_core.runs import RECIPES, Recipe, with_settings
from fer_core.ui import actions, load, pick
from fer_core.ui.durations import spoken

BATCH_SIZES = (16, 32, 64, 128, 256, 512)
AUGMENTATIONS = ("flip", "affine", "brightness", "erase")
VALIDATION_COST = 1 / 3
"""Cost of looking at a validation image, where training on one costs 1."""


def for_viewers() -> None:
    """Say who starts trainings, to those who may not."""
    st.subheader("Trainings")
    st.markdown("You can follow every training here and compare them; the owner of this app starts and stops them.")


def new_run() -> None:
    """Show the form; Start begins a training, or queues it behind the one that runs."""
    st.subheader("New training")
    recipe = _pick_recipe()
    dataset = load.dataset(pick.data())
    sizes = {name: len(split) for name, split in dataset.splits.items()}
    st.caption(f"On **{dataset.name}**, {sizes.get('train', 0):,} images. The dataset page chooses another.")
    if not {"train", "validation"} <= sizes.keys():
        st.error(f"A training needs the splits train and validation; {dataset.name} has {', '.join(sizes)}. Choose another.")
        return
    changes = _pick_settings(recipe)
    try:
        changed = with_settings(recipe, changes)
    except (FerError, ValueError) as error:
        st.error(str(error))
        return
    _time_needed(changed, sizes)
    if st.button("Start training", type="primary", width="stretch", key="start-training"):
        _start(recipe, dataset, changes)


def _pick_recipe() -> Recipe:
    name = st.segmented_control(
        "Recipe", list(RECIPES), default=next(iter(RECIPES)), required=True, key="recipe", bind="query-params"
    )
    recipe = RECIPES[name or next(iter(RECIPES))]
    st.caption(recipe.summary)
    return recipe


def _pick_settings(recipe: Recipe) -> dict[str, Any]:
    """Give the settings that differ from the recipe's."""
    name = recipe.name
    wanted: dict[str, Any] = {
        "epochs": st.number_input("Epochs", 1, 1000, recipe.epochs, key=f"epochs-{name}", help="Times through all images.")
    }
    with st.expander("More settings"):
        sizes = sorted({*BATCH_SIZES, recipe.batch_size})
        wanted["batch_size"] = st.selectbox(
            "Batch size", sizes, sizes.index(recipe.batch_size), key=f"batch-{name}", help="Images in one step."
        )
        wanted["learning_rate"] = st.number_input(
            "Learning rate", 1e-6, 1.0, recipe.learning_rate, step=1e-4, format="%.6f", key=f"rate-{name}"
        )
        wanted["dropout"] = st.slider("Dropout", 0.0, 0.9, recipe.dropout, 0.05, key=f"dropout-{name}")
        picked = st.pills(
            "Augmentation", AUGMENTATIONS, selection_mode="multi", default=list(recipe.augment), key=f"augment-{name}"
        )
        wanted["augment"] = tuple(step for step in AUGMENTATIONS if step in picked)
    return {key: value for key, value in wanted.items() if value != getattr(recipe, key)}


def _time_needed(recipe: Recipe, sizes: Mapping[str, int]) -> None:
    speed = runs.known_speed(recipe)
    if speed:
        st.markdown(f"About **{spoken(estimate_s(recipe, sizes, speed))}** on this machine, at {speed:,.0f} images a second.")
    elif st.button("Measure how long it takes", width="stretch", help="Trains for about 15 seconds and throws the result away."):
        actions.require_owner("measure the speed of training")
        with st.spinner("Training a few steps in a process of its own; about 15 seconds."):
            try:
                runs.measure_speed(recipe)
            except FerError as error:
                st.error(str(error))
                return
        st.rerun()


def estimate_s(recipe: Recipe, sizes: Mapping[str, int], speed: float) -> float:
    """Estimate a training's duration in seconds.

    Args:
        recipe: how many epochs.
        sizes: images in "train" and "validation".
        speed: images a second while training.
    """
    images = sizes["train"] + VALIDATION_COST * sizes["validation"]
    return recipe.epochs * images / speed


def _start(recipe: Recipe, dataset: Dataset, changes: dict[str, Any]) -> None:
    epochs = changes.pop("epochs", None)
    try:
        run = actions.start_training(recipe.name, dataset.source, epochs=epochs, settings=changes)
    except FerError as error:
        st.error(str(error))
        return
    st.query_params["run"] = run.id
    st.rerun()
