"""The dataset page's search for what takes minutes to find: it can be started, followed and stopped, and is judged by votes."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from fer_core import charts
from fer_core.audit import Audit, AuditState, judge_errors, judge_no_face, read_state
from fer_core.audit.report import JUDGED_FIRST
from fer_core.dataset import Dataset, Votes
from fer_core.errors import FerError
from fer_core.ui import actions, roles, words
from fer_core.ui.durations import spoken
from fer_core.ui.sources import DataSource

POLL_S = 2.0
_CHART = {"displayModeBar": False}
_UNFINISHED = {
    "none": "Near copies, images without a face and likely label errors take minutes to find; FER2013 about 15.",
    "stopped": "The search was stopped.",
    "interrupted": "The search was interrupted.",
    "failed": "The search failed.",
    "done": "The search was made with another version of FER Studio.",
}


def search(data: Dataset, source: DataSource, audit: Audit, votes: Votes | None) -> None:
    """Offer the search or follow it; below, what voters say of its findings so far."""
    state = read_state(data.digest)
    if state.is_active:
        st.fragment(_follow, run_every=POLL_S)(data)
    elif not audit.is_whole:
        _offer(data, source, state)
    if votes is not None:
        _judge(audit, votes)


def _follow(data: Dataset) -> None:
    state = read_state(data.digest)
    if not state.is_active:
        st.rerun()
    left = f", about {spoken(state.left_s)} to go" if state.left_s else ""
    with st.container(border=True):
        st.progress(state.share, f"{state.sentence}{left}" if state.state == "running" else "Stopping")
        if roles.is_owner() and state.state == "running":
            st.button("Stop the search", on_click=_act, args=(lambda: actions.stop_audit(data.digest),))


def _offer(data: Dataset, source: DataSource, state: AuditState) -> None:
    with st.container(border=True):
        begun = state.share > 0
        st.write(_UNFINISHED[state.state] + (f" It was {words.percent(state.share, 0)} done, which stays." if begun else ""))
        if state.state == "failed":
            st.error(state.sentence)
        if roles.is_owner():
            start: Callable[[], None] = lambda: actions.start_audit(data.digest, source)  # noqa: E731
            st.button("Go on" if begun else "Search now", icon=":material/search:", on_click=_act, args=(start,))
        else:
            st.caption("An owner can start it.")


def _act(action: Callable[[], None]) -> None:
    try:
        action()
    except FerError as error:
        st.toast(str(error), icon=":material/error:")


def _judge(audit: Audit, votes: Votes) -> None:
    """Say what FER+'s voters think of what was found, and where the search learned from such votes."""
    errors, no_face = judge_errors(audit, votes), judge_no_face(audit, votes)
    if errors is None and no_face is None:
        return
    st.subheader("Do voters confirm it?", anchor=False)
    if errors is not None and errors.n:
        first = min(JUDGED_FIRST, errors.n)
        st.markdown(
            f"Of the {first:,} likeliest label errors, **{words.percent(errors.at(first))}** are confirmed: at most one voter "
            f"chose the label. Among all images it is {words.percent(errors.base)}. The search for them used no votes; its "
            f"models were right in {words.percent(audit.model_accuracy or 0.0)} of the images, each of which they had not seen."
        )
        st.plotly_chart(
            charts.confirmed(errors.first, errors.confirmed, errors.base),
            key="confirmed",
            config=_CHART,
            alt=f"Share of likely label errors that voters confirm: {words.percent(errors.at(first))} of the first {first:,}.",
        )
        points = np.unique(np.linspace(1, errors.n, min(errors.n, 200)).astype(int))
        lines = [(k, f"{errors.at(k):.4f}", f"{errors.base:.4f}") for k in points.tolist()]
        words.download_csv("This curve as CSV", f"{audit.dataset.name}-confirmed", ("first", "confirmed", "base_rate"), lines)
    if no_face is not None and no_face.n:
        st.markdown(
            f"Of the {no_face.n:,} images in which no voter saw a face, **{words.percent(no_face.recall)}** are among those "
            f"without a well framed face, which are {words.percent(no_face.flagged)} of all images. {no_face.caution}"
        )
