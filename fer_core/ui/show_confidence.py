"""The evaluation page's part on confidence: is it true, when is the model unsure, and what can it not tell apart?"""

import numpy as np
import streamlit as st

from fer_core import charts
from fer_core.dataset import Dataset
from fer_core.evaluation import (
    COVERAGE,
    TARGETS,
    Confidence,
    Evaluation,
    Reliability,
    accuracy_by_share,
    confused_sets,
)
from fer_core.model import Model
from fer_core.ui import find, load, pick, words

_CHART = {"displayModeBar": False}
_ASKED = ("80 %", "85 %", "90 %", "95 %")


def confidence(result: Evaluation, model: Model, data: Dataset) -> None:
    """Show the reliability diagram, accuracy against share answered, and conformal sets."""
    st.header("Does its confidence mean anything?", anchor="confidence")
    if "validation" not in data.splits or not len(data.split("validation")) or not len(result):
        st.info(
            "Thresholds and sets are chosen on a validation split, which this dataset does not have.", icon=":material/info:"
        )
        return
    validation = load.evaluation(model, data, "validation", result.against)
    if not len(validation):
        st.info("Validation has no image to choose by.", icon=":material/info:")
        return
    asked = pick.choice(
        "asked",
        "Accuracy asked of sure answers",
        _ASKED,
        default=f"{100 * TARGETS[result.head]:.0f} %",
        look="buttons",
        help="The threshold is the lowest confidence at which validation's answers are that accurate.",
    )
    temperature = model.info.temperature[result.head]
    found, before, after = find.confidence(result, validation, temperature, int(asked[:2]) / 100)
    left, right = st.columns(2, gap="large")
    with left:
        _reliability(result, found, before, after)
    with right:
        _answered(result, found, model)
    _sets(result, found)


def _reliability(result: Evaluation, found: Confidence, before: Reliability, after: Reliability) -> None:
    error = words.percent(found.ece[1])
    st.plotly_chart(
        charts.reliability(
            (before.confidence, before.accuracy),
            (after.confidence, after.accuracy),
            interval=(after.low, after.high),
            band=(after.confidence, after.band_low, after.band_high),
            n=after.n,
        ),
        key="reliability",
        config=_CHART,
        alt=f"Reliability diagram: accuracy against confidence in 15 bins; calibration error {error}.",
    )
    st.caption(
        f"15 equal-width bins, {result.split}, n = {len(result):,}. Temperature {found.temperature:.2f}, fitted on validation: "
        f"calibration error {words.percent(found.ece[0])} before, **{error}** after (a perfectly calibrated model: "
        f"{100 * found.band[0]:.1f} to {100 * found.band[1]:.1f} %), Brier score {found.brier[0]:.3f} and {found.brier[1]:.3f}."
    )
    rows = [
        (low, high, int(n), confidence, accuracy)
        for low, high, n, confidence, accuracy in zip(
            after.edges[:-1], after.edges[1:], after.n, after.confidence, after.accuracy, strict=True
        )
    ]
    words.download_csv(
        "Bins as CSV", words.file_name(result, "reliability"), ("above", "up_to", "n", "confidence", "accuracy"), rows
    )


def _answered(result: Evaluation, found: Confidence, model: Model) -> None:
    threshold, share, accuracy = accuracy_by_share(result.probabilities, result.labels.astype(np.int64))
    chosen = (found.share.value, found.accuracy.value)
    said = f"{words.percent(found.share.value)} answered, {words.percent(found.accuracy.value)} of these right"
    st.plotly_chart(
        charts.answered(share, accuracy, chosen=chosen, asked=found.asked),
        key="answered",
        config=_CHART,
        alt=f"Accuracy against the share answered; at a threshold of {found.threshold:.2f}: {said}.",
    )
    live = result.head == model.info.live_head and abs(found.threshold - model.info.threshold) < 1e-6
    use = "the live page uses it" if live else f"the live page uses {model.info.threshold:.2f}"
    st.caption(
        f"Called unsure below a confidence of **{found.threshold:.2f}**, chosen on validation for "
        f"{words.percent(found.asked, 0)} ({use}). On {result.split}: **{words.percent(found.share.value)}** answered "
        f"(95 %: {words.interval(found.share)}), **{words.percent(found.accuracy.value)}** of these right "
        f"(95 %: {words.interval(found.accuracy)})."
    )
    words.download_csv(
        "Curve as CSV",
        words.file_name(result, "answered"),
        ("threshold", "share", "accuracy"),
        zip(threshold.tolist(), share.tolist(), accuracy.tolist(), strict=True),
    )


def _sets(result: Evaluation, found: Confidence) -> None:
    st.subheader("What can it not tell apart?", anchor=False)
    sizes = np.bincount(found.sets.sum(axis=1), minlength=8)[1:]
    st.markdown(
        f"Sets of emotions that shall hold the label in {words.percent(COVERAGE, 0)} of images do so on {result.split} in "
        f"**{words.percent(found.coverage.value)}** (95 %: {words.interval(found.coverage)}), with "
        f"{found.sets.sum(axis=1).mean():.2f} emotions on average; {words.percent(sizes[0] / len(result), 0)} get one alone."
    )
    rows = [(" or ".join(emotions), count, words.percent(count / len(result))) for emotions, count in confused_sets(found.sets)]
    columns = {name: [row[k] for row in rows] for k, name in enumerate(("cannot tell", "images", "share"))}
    st.dataframe(columns, hide_index=True, width="content")
    st.caption(
        f"An emotion of at least {words.percent(found.cut)} is in the set: split conformal prediction, chosen on validation. "
        "The promise holds for images like validation's, not for a webcam's."
    )
