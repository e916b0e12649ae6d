"""A score card as Markdown."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fer_core.audit.beside import Beside, spell_reference
from fer_core.audit.finding import percent
from fer_core.evaluation import Figure

if TYPE_CHECKING:
    from fer_core.audit.scorecard import ScoreCard

INTERVALS = (
    "Intervals: 95 %, of accuracies after Wilson, else a percentile bootstrap of images (2,000 draws, seed 0), which puts that "
    "of the calibration error a little high. One pass an image."
)
_OWN_ERROR = (
    "Held against the accuracy as published. The others' figures have an error of their own, of about 1.5 points for 3,589 "
    "images, which is not counted: a difference of a few points is less sure than it looks."
)
_STANDING = {
    "above": "All of the interval lies above",
    "includes": "Not told apart from",
    "below": "All of the interval lies below",
    "other": "Not compared with, as of other images",
}
_DIGITS = 12
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~&])")


def write_markdown(card: "ScoreCard") -> str:
    """Write a score card as Markdown that ends with a line break."""
    return "\n".join([*_head(card), *_figures(card), *_others(card)]) + "\n"


def spell_split(card: "ScoreCard") -> str:
    """Name the split, and FER2013's name of it where it is one of FER2013's."""
    return f"{card.split} (FER2013's {card.published})" if card.published else card.split


def spell_looks(card: "ScoreCard") -> str:
    """Say how many models met this test split; empty for another split."""
    if card.times_tested is None:
        return ""
    models = "1 model" if card.times_tested == 1 else f"{card.times_tested} models"
    return f"{models} of this recipe so far"


def spell_selection(card: "ScoreCard") -> str:
    """Say which split chose the model or its epoch."""
    return "nothing: the last epoch is kept" if card.selected_on == "none" else card.selected_on


def spell_interval(figure: Figure) -> str:
    """Spell an interval of shares; a dash where there is none."""
    return "–" if figure.low != figure.low else f"{100 * figure.low:.1f} to {100 * figure.high:.1f} %"


def spell_standing(card: "ScoreCard") -> list[str]:
    """Say in a sentence each whom the interval lies above, includes and lies below, and whom it is not held against."""
    sentences = []
    for relation, words in _STANDING.items():
        names = [f"{o.reference.name} ({spell_reference(o.reference)})" for o in card.beside if o.relation == relation]
        if names:
            sentences.append(f"{words}: {'; '.join(names)}.")
    return sentences


def _head(card: "ScoreCard") -> Iterator[str]:
    yield f"# Score card: {_plain(card.model)} on {_plain(card.dataset)}, {card.split}"
    yield ""
    yield f"- Model: {_plain(card.model)}, {card.parameters:,} parameters, recipe {_plain(card.recipe)}"
    yield f"- Model or epoch chosen on: {spell_selection(card)}"
    yield f"- Data: {_plain(card.dataset)}, digest `{card.data_digest[:_DIGITS]}`"
    yield f"- Split: {spell_split(card)}, {card.n:,} {'image' if card.n == 1 else 'images'}"
    looks = spell_looks(card)
    if looks:
        yield f"- This test split was shown to: {looks}"
    for caution in card.cautions:
        yield f"- **Caution**: {_plain(caution)}"
    yield ""


def _figures(card: "ScoreCard") -> Iterator[str]:
    yield "| figure | value | 95 % interval | n | of what |"
    yield "|---|---:|---|---:|---|"
    for line in card.lines:
        yield f"| {line.name} | {percent(line.figure.value)} | {spell_interval(line.figure)} | {line.n:,} | {line.detail} |"
    yield ""
    for name, reason in card.missing:
        yield f"Not given: {name[0].lower()}{name[1:]}, because {reason}."
        yield ""
    yield INTERVALS
    yield ""


def _others(card: "ScoreCard") -> Iterator[str]:
    yield "## Beside the figures of others"
    yield ""
    yield _OWN_ERROR
    yield ""
    yield "| who | accuracy | of | this model, as published | source | known fault |"
    yield "|---|---:|---|---|---|---|"
    for other in card.beside:
        yield _other(other)


def _other(other: Beside) -> str:
    found = other.reference
    unproven = "" if found.reproduced else " (not reproduced)"
    cells = (found.name, spell_reference(found) + unproven, found.split, other.words, found.source, found.fault or "none known")
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Write a name that a person chose so that Markdown leaves it as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
