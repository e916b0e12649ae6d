"""Dataset: what is in the data, and what is wrong with it?"""

import streamlit as st

from fer_core.ui import pick, show_dataset, show_quality
from fer_core.ui.bring_data import bring_data
from fer_core.ui.show_gallery import gallery

st.title("What is in the data, and what is wrong with it?", anchor=False)
left, right = st.columns([2, 3], gap="small", vertical_alignment="bottom")
with left:
    source = pick.source()
with right:
    bring_data()
data = show_dataset.read(source)
show_dataset.facts(data, source)

st.header("How is it distributed?", anchor="distribution")
show_dataset.distribution(data)
split = data.split(pick.split(data, default="train"))
found = show_dataset.statistics(split)
show_dataset.light(split, found)
show_dataset.average_faces(data, split, found)

st.header("What is wrong with it?", anchor="quality")
show_quality.quality(data, source)

st.header("What do the faces look like?", anchor="gallery")
gallery(data, split)
