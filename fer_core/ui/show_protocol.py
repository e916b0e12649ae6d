"""The evaluation page's protocol check: is the figure what it is said to be, and where do 98 % come from?"""

import json

import streamlit as st

from fer_core.audit import Finding
from fer_core.dataset import Dataset
from fer_core.evaluation import Figure
from fer_core.model import Model
from fer_core.ui import find, words

_ASKED = "check"
_NAMES = {
    "split": "The split",
    "rows": "Its rows",
    "swapped": "Splits under their own names",
    "copies": "Copies of training images",
    "label_order": "The order of the labels",
    "logits": "One softmax",
    "rescaling": "The range of the pixels",
    "selection": "What chose the weights",
    "interval": "The interval",
    "notebook": "The notebook's mistake",
}


def protocol(model: Model, data: Dataset, split: str) -> None:
    """Show the checks of a model's figure on a split, once asked for."""
    st.header("98 %? Show me", anchor="protocol")
    st.write(
        "Published figures of this field have been the training set's, of swapped splits, of copies, of the best epoch on "
        "test. Ten checks say what stands behind this one, and the report's own mistake is made again with these weights."
    )
    if "train" not in data.splits or not len(data.split(split)):
        st.info("The check compares with the training rows, which this dataset does not have.", icon=":material/info:")
        return
    if st.query_params.get(_ASKED) != "1":
        st.button(f"Check {model.name} on {split}", icon=":material/fact_check:", on_click=_ask)
        return
    findings = find.findings(model, data, split)
    faults = sum(not found.ok for found in findings)
    st.markdown(f"**{faults or 'None'} of {len(findings)} checks {'find' if faults > 1 else 'finds'} a fault.**")
    _replay(next(found for found in findings if found.check == "notebook"), split)
    st.markdown("\n\n".join(_line(found) for found in findings))
    rows = [(found.check, found.ok, found.summary, json.dumps(found.figures)) for found in findings]
    words.download_csv("Findings as CSV", f"{model.name}-{split}-check", ("check", "ok", "finding", "figures"), rows)


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


def _line(found: Finding) -> str:
    mark = ":green[:material/check_circle:]" if found.ok else ":red[:material/error:] Fault:"
    return f"{mark} **{_NAMES[found.check]}**. {found.summary}"
