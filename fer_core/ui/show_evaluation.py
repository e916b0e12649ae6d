"""What the evaluation page shows: the score card, the references, the matrix and each emotion's figures."""

from html import escape

import numpy as np
import streamlit as st

from fer_core import charts
from fer_core.audit import find_cautions, spell_reference
from fer_core.evaluation import REFERENCES, Evaluation, Figure, Reference, times_tested
from fer_core.labels import EMOTIONS, FER2013_SPLIT_COUNTS
from fer_core.model import Model
from fer_core.ui import model_card, words

CHART = {"displayModeBar": False}
_MAJORITY = "what most voters saw, where one of the seven emotions has the single largest count"
_AGAINST = {
    ("label", "label"): "against its labels as published",
    ("crowd", "crowd"): f"its crowd head against {_MAJORITY}",
    ("crowd", "label"): f"against {_MAJORITY}",
}
_CHOSEN_BY = {
    "none": "No split chose the epoch: the last one's weights were kept.",
    "train": "The training split chose the model or its epoch.",
    "validation": "The validation split chose the model or its epoch.",
    "test": "The test split chose the model or its epoch, which makes its test figures too good.",
}
_HELP = {
    "accuracy": "Share of images whose emotion, as labelled, the model names first. Interval: Wilson, 95 %.",
    "macro_f1": "F1 is the harmonic mean of precision and recall; this is its mean over the emotions, so that rare ones count "
    "as much as frequent ones. Interval: bootstrap of images, 2,000 draws, 95 %.",
    "log_loss": "Mean of -ln of the probability given to the label, in nats. Naming each emotion with 1/7 gives 1.946. "
    "Interval: bootstrap, 95 %.",
    "ece": "Mean distance between confidence and accuracy over 15 equal-width bins of confidence. Interval: bootstrap, "
    "95 %; resampling adds noise to it, so that it lies a little high.",
}
_NOT_COMPARABLE = (
    "Others report FER2013's PrivateTest. What is evaluated above is something else, so it does not stand beside them; "
    "choose FER2013 and its test split."
)


def score_card(result: Evaluation, model: Model) -> None:
    """Show the four figures with their intervals, and what they were measured on."""
    n = len(result)
    subject = (
        f"<b>{escape(result.model_name)}</b> on <b>{n:,} {result.split} images</b> of dataset {escape(result.dataset_name)}"
    )
    st.html(f'<p class="fer-line">{subject}, {_AGAINST[result.against, result.head]}</p>')
    with st.grid(min_column_width=150, gap="small"):
        _metric("Accuracy", words.percent(result.accuracy.value), words.interval(result.accuracy), "accuracy")
        _metric("Macro-F1", words.percent(result.macro_f1.value), words.interval(result.macro_f1), "macro_f1")
        _metric("Log loss", f"{result.log_loss.value:.3f} nats", _plain(result.log_loss), "log_loss")
        _metric("Calibration error", words.percent(result.ece.value), words.interval(result.ece), "ece")
    for caution in find_cautions(result, model):
        st.warning(caution, icon=":material/info:")
    st.caption(facts(result, model))
    words.download_csv(
        "Figures as CSV", words.file_name(result, "figures"), ("figure", "value", "low95", "high95", "n"), figure_rows(result)
    )


def facts(result: Evaluation, model: Model) -> str:
    """Say in a few sentences how the model was chosen and how often this split was looked at, up to now."""
    sentences = [
        f"{result.parameters:,} parameters, recipe {result.recipe}.",
        _CHOSEN_BY[result.selected_on],
    ]
    if result.split == "test":
        times = times_tested(result.recipe, result.split_digest, [model])
        models = "1 model" if times == 1 else f"{times} different models"
        sentences.append(f"So far {models} of this recipe met this test split.")
    return " ".join(sentences)


def figure_rows(result: Evaluation) -> list[tuple[object, ...]]:
    """Give the score card as rows: figure, value, low, high, n."""
    named = {"accuracy": result.accuracy, "macro_f1": result.macro_f1, "log_loss": result.log_loss, "ece": result.ece}
    return [(name, figure.value, figure.low, figure.high, len(result)) for name, figure in named.items()]


def references(result: Evaluation) -> None:
    """Show the model beside what others reached on FER2013, each with its source and known fault."""
    st.header("Beside the figures of others", anchor="references")
    if is_private_test(result):
        st.html(model_card.ruler(result.model_name, model_card.Measured(result.split, len(result), result.accuracy)))
    else:
        st.write(_NOT_COMPARABLE)
    with st.expander("Where each figure comes from, and what is wrong with it"):
        st.markdown("\n".join(f"- {_reference_words(reference)}" for reference in REFERENCES))
    header = ("name", "accuracy", "claimed", "split", "source", "known_fault")
    rows = [(r.name, r.accuracy, r.claimed, r.split, r.source, r.fault) for r in REFERENCES]
    words.download_csv("References as CSV", "references", header, rows)


def is_private_test(result: Evaluation) -> bool:
    """Tell whether these are FER2013's PrivateTest and its labels, so that others' figures may stand beside."""
    return result.against == "label" and result.split == "test" and len(result) == FER2013_SPLIT_COUNTS["test"]


def per_class(result: Evaluation) -> None:
    """Show precision, recall and F1 of each emotion with their intervals."""
    st.header("Emotion by emotion", anchor="emotions")
    measures = ("precision", "recall", "f1")
    values = {
        measure: np.array([_triple(result.per_class[emotion][measure]) for emotion in EMOTIONS])  # type: ignore[literal-required]
        for measure in measures
    }
    best, worst = _ends(result)
    alt = f"F1 is highest for {best} and lowest for {worst}, with precision, recall and intervals for all seven emotions."
    chart, table = st.columns(2, gap="large")
    with chart:
        st.plotly_chart(charts.per_class(values), key="per_class", config=CHART, alt=alt)
        st.caption(
            "Precision: of those named so, how many are. Recall: of those that are, how many are named so. "
            "Bars and brackets: 95 % intervals (Wilson; of F1 by bootstrap)."
        )
    with table:
        st.dataframe(_per_class_table(result), hide_index=True, width="stretch")
        header = ("emotion", "n", *(f"{m}{end}" for m in measures for end in ("", "_low95", "_high95")))
        rows = [(e, result.per_class[e]["n"], *(x for m in measures for x in values[m][k])) for k, e in enumerate(EMOTIONS)]
        words.download_csv("Emotions as CSV", words.file_name(result, "emotions"), header, rows)


def _metric(label: str, value: str, between: str, name: str) -> None:
    with st.container(gap=None):
        st.metric(label, value, help=_HELP[name])
        st.caption(f"95 %: {between}")


def _plain(figure: Figure) -> str:
    return f"{figure.low:.3f} to {figure.high:.3f}"


def _reference_words(reference: Reference) -> str:
    fault = f" Known fault: {reference.fault}." if reference.fault else ""
    return f"**{reference.name}**: {spell_reference(reference)}, split {reference.split}. Source: {reference.source}.{fault}"


def _triple(figure: Figure) -> tuple[float, float, float]:
    return figure.value, figure.low, figure.high


def _ends(result: Evaluation) -> tuple[str, str]:
    order = sorted(EMOTIONS, key=lambda emotion: result.per_class[emotion]["f1"].value)
    return order[-1], order[0]


def _per_class_table(result: Evaluation) -> dict[str, list[object]]:
    figures = [result.per_class[emotion] for emotion in EMOTIONS]
    return {
        "emotion": list(EMOTIONS),
        "n": [item["n"] for item in figures],
        "precision, %": [words.short_interval(item["precision"]) for item in figures],
        "recall, %": [words.short_interval(item["recall"]) for item in figures],
        "F1, %": [words.short_interval(item["f1"]) for item in figures],
    }
