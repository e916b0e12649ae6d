"""Overview: what is here, and can I trust it?"""

import streamlit as st

from fer_core.ui import model_card, show_overview

faces = show_overview.hero()
left, right = st.columns([11, 10], gap="large")
with left.container(border=True):
    model_card.serving_card()
with right.container(border=True):
    show_overview.training_card()
with right.container(border=True):
    show_overview.data_card()
model_card.others_card()
show_overview.faces(faces)
