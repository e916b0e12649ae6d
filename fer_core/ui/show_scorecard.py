"""The evaluation page's score card: the figures and what bears on them, to take along as a picture and as Markdown."""

import json

import streamlit as st

from fer_core import charts
from fer_core.audit import ScoreCard, build_scorecard
from fer_core.dataset import Dataset
from fer_core.evaluation import Evaluation
from fer_core.model import Model
from fer_core.ui import find, load, words


def scorecard(result: Evaluation, model: Model, data: Dataset) -> None:
    """Show a model's score card on the split that the page shows, and offer it; it holds no image of the dataset."""
    st.header("Score card", anchor="scorecard")
    if not len(data.split(result.split)):
        st.info("A score card needs at least one image.", icon=":material/info:")
        return
    card = _build(result, model, data)
    figures, remarks = st.columns([6, 5], gap="medium")
    figures.markdown(_table(card))
    remarks.caption("\n\n".join(_remarks(card)))
    picture = _draw(json.dumps(card.to_json()), card)
    accuracy = card.lines[0].figure
    said = f"{words.percent(accuracy.value)} of {card.n:,} {card.split} images, 95 %: {words.interval(accuracy)}"
    st.image(picture, width="stretch", alt=f"Score card of {card.model}: {said}. {' '.join(card.to_words())}")
    with st.container(horizontal=True):
        _offer("Score card as PNG", picture, f"{card.model}-{card.split}-scorecard.png", "image/png")
        _offer("Score card as Markdown", card.to_markdown(), f"{card.model}-{card.split}-scorecard.md", "text/markdown")


def _build(result: Evaluation, model: Model, data: Dataset) -> ScoreCard:
    """Evaluate what is missing, on this split only."""
    labelled = result if result.against == "label" else load.evaluation(model, data, result.split)
    crowd = None if load.votes(data) is None else load.evaluation(model, data, result.split, "crowd")
    return build_scorecard(labelled, crowd, model=model, dataset=data, copies=find.copies(data))


def _table(card: ScoreCard) -> str:
    """Write the figures as a table whose numbers keep their unit beside them."""
    rows = [
        f"| {line.name} | **{words.percent(line.figure.value)}** | {words.interval(line.figure)} | {line.n:,} |"
        for line in card.lines
    ]
    head = [f"| On {card.split} | | 95 % interval | n |", "|---|--:|--:|--:|"]
    return "\n".join([*head, *(row.replace(" %", "\u00a0%") for row in rows)])


def _remarks(card: ScoreCard) -> list[str]:
    """Say which lines are missing and why, and where the model stands."""
    missing = [f"Not given: {name[0].lower()}{name[1:]}, because {reason}." for name, reason in card.missing]
    details = [f"{line.name}: {line.detail}." for line in card.lines[:3] if line.n != card.n]
    return [_lead(remark) for remark in (*missing, *details, *card.to_words())]


def _lead(remark: str) -> str:
    lead, colon, rest = remark.partition(":")
    return f"**{lead}{colon}**{rest}"


def _offer(label: str, content: str | bytes, name: str, mime: str) -> None:
    st.download_button(
        label,
        content,
        file_name=name,
        mime=mime,
        key=f"download-{name}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


@st.cache_data(max_entries=32, show_spinner=False)
def _draw(key: str, _card: ScoreCard) -> bytes:
    return charts.scorecard_png(_card.to_drawing())
