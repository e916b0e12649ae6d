"""What the tests of the dataset page share."""

import streamlit as st
from streamlit.testing.v1 import AppTest

from fer_core.dataset import Dataset
from tests.builders import make_dataset, make_split

LABELS = [3] * 60 + [1] * 10 + [0] * 2


def make_faces(source: str) -> Dataset:
    """72 train, 7 validation and 3 test images; no surprise in test."""
    train = make_split(name="train", labels=LABELS)
    return make_dataset(
        train,
        make_split(7, name="validation", first_row=72, seed=1),
        make_split(name="test", labels=[3, 3, 6], first_row=79, seed=2),
        source=source,
    )


def shown_of(app: AppTest) -> str:
    return " ".join(element.value for kind in ("markdown", "caption", "info", "error") for element in app.get(kind))


def press(app: AppTest, label: str) -> None:
    """Click a button by what it says."""
    next(button for button in app.button if button.label == label).click().run()
    st.cache_data.clear()
