"""Evaluation: how good is it really, and where is it wrong?"""

import streamlit as st

from fer_core.ui import (
    load,
    pick,
    show_cell,
    show_comparison,
    show_confidence,
    show_evaluation,
    show_images,
    show_protocol,
    show_scorecard,
    show_slices,
)

st.title("How good is it really?", anchor=False)
model_place, data_place, split_place, against_place = st.columns([3, 3, 4, 3])
with model_place:
    model = pick.model()
with data_place:
    source = pick.source()
data = load.dataset(source)
with split_place:
    split = pick.split(data)
with against_place:
    against = pick.against(data)
result = load.evaluation(model, data, split, against)

show_evaluation.score_card(result, model)
st.header("Where is it wrong?", anchor="matrix")
matrix_place, images_place = st.columns([3, 2], gap="large")
with images_place:
    listed = show_images.pick_list()
with matrix_place:
    cell = show_cell.confusion_matrix(result, pick_cell=listed == show_images.CELL)
with images_place:
    if listed == show_images.CELL:
        show_cell.cell_images(result, model, data, cell)
    else:
        show_images.listed(result, model, data, listed)
show_evaluation.per_class(result)
show_slices.slices(result, data)
show_confidence.confidence(result, model, data)
show_comparison.comparison(result, model, data)
show_evaluation.references(result)
show_scorecard.scorecard(result, model, data)
show_protocol.protocol(model, data, split)
