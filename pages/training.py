"""Training: make a model, and see it learn."""

import streamlit as st

from fer_core.ui import show_runs, show_training, training_form
from fer_core.ui.roles import is_owner

st.title("Make a model, and see it learn")
chosen = show_runs.pick_runs()
form, seen = st.columns([1, 2], gap="large")
with form:
    training_form.draw(owner=is_owner())
with seen:
    if len(chosen) > 1:
        show_runs.compare(chosen)
    elif chosen:
        show_training.follow(chosen[0])
    else:
        show_training.nothing_yet(owner=is_owner())
show_runs.table()
