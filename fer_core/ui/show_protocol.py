"""The evaluation page's protocol check: is the figure what it is said to be, and where do 98 % come from?"""

import streamlit as st

from fer_core.audit import Finding
from fer_core.dataset import Dataset
from fer_core.evaluation import Figure
from fer_core.model import Model
from fer_core.ui import find, show_file_check, show_findings, words

_ASKED = "check"


def protocol(model: Model, data: Dataset, split: str) -> None:
    """Show the checks of a model's figure on a split, once asked for, and offer to check a file."""
    st.header("98 %? Show me", anchor="protocol")
    st.write(
        "Published figures of this field have been the training set's, of swapped splits, of copies, of the best epoch on "
        "test. Ten checks say what stands behind this one, and the report's own mistake is made again with these weights."
    )
    if "train" not in data.splits or not len(data.split(split)):
        st.info("The check compares with the training rows, which this dataset does not have.", icon=":material/info:")
        return
    if st.query_params.get(_ASKED) == "1":
        _model_check(model, data, split)
    else:
        st.button(f"Check {model.name} on {split}", icon=":material/fact_check:", on_click=_ask)
    show_file_check.file_check(data, split)


def _model_check(model: Model, data: Dataset, split: str) -> None:
    findings = find.findings(model, data, split)
    show_findings.verdict(findings)
    _replay(next(found for found in findings if found.check == "notebook"), split)
    show_findings.lines(findings, f"{model.name}-{split}-check")


def _ask() -> None:
    st.query_params[_ASKED] = "1"


def _replay(found: Finding, split: str) -> None:
    """Show the two figures from the same weights side by side."""
    figures = found.figures
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True):
        st.metric("As the notebook computed it", words.percent(figures["as_computed"]))
        rows = f"{figures['as_computed_n']:,} training rows for {split}'s"
        st.caption(f"{rows}: `getXY(df)` reads `train_df`, whatever it is given")
    with right, st.container(border=True):
        st.metric(f"On {split} itself", words.percent(figures["honest"]))
        measured = Figure(figures["honest"], *figures["honest_ci95"])
        st.caption(f"95 %: {words.interval(measured)}, n = {figures['honest_n']:,}, the same weights")
