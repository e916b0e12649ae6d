"""Training: make a model, and see it learn."""

import streamlit as st

from fer_core.runs import list_runs
from fer_core.ui import show_runs, show_training, training_form
from fer_core.ui.roles import role

st.title("Make a model, and see it learn")
runs = list_runs()
chosen = show_runs.pick_runs(runs)
left, right = st.columns([1, 2], gap="large")
with left:
    if role() == "owner":
        training_form.new_run()
    else:
        training_form.for_viewers()
with right:
    if len(chosen) > 1:
        show_runs.compare(chosen)
    else:
        show_training.follow(chosen[0] if chosen else None)
show_runs.table(runs, chosen)
