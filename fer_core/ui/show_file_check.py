"""The evaluation page's check of a file of predictions: the owner gives a CSV and a claim, and reads what is behind it."""

import streamlit as st

from fer_core.dataset import Dataset
from fer_core.errors import FerError
from fer_core.labels import EMOTIONS
from fer_core.ui import actions, roles, show, show_findings

_CHECKED = "checked_file"
_LIMIT_MB = 16
_COLUMNS = (
    f"A CSV with the columns **row** (from 0, in the dataset's order) and **predicted**, or seven probabilities named "
    f"{', '.join(EMOTIONS)}. **true** may be there, too: the labels that the figure was computed with."
)


def file_check(data: Dataset, split: str) -> None:
    """Offer to check a file of predictions on a dataset, as `fer-studio check` does; a viewer reads why there is no upload."""
    with st.expander("Check a file of predictions", icon=":material/upload_file:"):
        if not roles.is_owner():
            st.write(
                "Only the owner of this app gives it files. Anybody with the data can run `fer-studio check predictions.csv`."
            )
            return
        st.markdown(_COLUMNS)
        file = st.file_uploader("Predictions (CSV)", type=["csv", "tsv", "txt"], key="predictions", max_upload_size=_LIMIT_MB)
        split_place, accuracy_place = st.columns(2)
        names = list(data.splits)
        claimed = split_place.selectbox("Claimed split", names, index=names.index(split), key="claimed_split")
        percent = accuracy_place.number_input(
            "Claimed accuracy (%)", 0.0, 100.0, None, step=0.1, key="claimed_accuracy", placeholder="no claim"
        )
        if file is None:
            return
        asked = (file.file_id, claimed, percent, data.digest)
        accuracy = None if percent is None else percent / 100
        if st.button("Check the file", type="primary", icon=":material/fact_check:"):
            st.session_state.pop(_CHECKED, None)
            try:
                with st.spinner("Checking"):
                    found = actions.check_predictions(file, file.name, data, claimed_split=claimed, claimed_accuracy=accuracy)
            except FerError as error:
                show.error_box(error)
                return
            st.session_state[_CHECKED] = (asked, found)
        known, found = st.session_state.get(_CHECKED, (None, []))
        if known == asked:
            show_findings.verdict(found)
            show_findings.lines(found, f"predictions-{claimed}-check")
