"""What of a score card goes into a picture, as ``charts.scorecard_png`` draws it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fer_core.audit.beside import Beside, spell_reference
from fer_core.audit.finding import percent
from fer_core.audit.scorecard_text import spell_interval, spell_looks, spell_selection, spell_split

if TYPE_CHECKING:
    from fer_core.audit.scorecard import ScoreCard, ScoreLine

_NOTHING = (float("nan"),) * 3
_DIGITS = 12
_ACCURACY = "Accuracy, "
_COMPARED = "Others, each with its source and what is known to be wrong with it"
_NOT_COMPARED = "Others, for orientation only: their figures are of other images"
_BAND = "Band: this model's 95 % interval, not told apart from what lies in it."
_MARKS = "Bars: 95 %; people's as given. Hollow: other images, or not reproduced by others. Cross: as claimed."


@dataclass(frozen=True, kw_only=True)
class CardRow:
    """One mark; see ``charts.scorecard_png.Row``."""

    name: str
    interval: tuple[float, float, float] = _NOTHING
    claimed: float | None = None
    spelled: str = ""
    note: str = ""
    solid: bool = True


@dataclass(frozen=True, kw_only=True)
class CardDrawing:
    """All that is drawn; see ``charts.scorecard_png.Drawing``."""

    title: str
    facts: tuple[str, ...]
    figures: tuple[tuple[str, str, str], ...]
    own: tuple[CardRow, ...]
    band: tuple[float, float] | None
    others_title: str
    others: tuple[CardRow, ...]
    notes: tuple[str, ...]


def plan_drawing(card: "ScoreCard") -> CardDrawing:
    """Choose what of a card is drawn."""
    drawn = [line for line in card.lines if line.name.startswith(_ACCURACY)]
    rest = [line for line in card.lines if line not in drawn]
    missing = [CardRow(name=_short(name), spelled="-", note=f"Not given: {reason}.") for name, reason in card.missing]
    accuracy = card.lines[0].figure
    compared = any(other.relation != "other" for other in card.beside)
    return CardDrawing(
        title=card.model,
        facts=_facts(card),
        figures=tuple(_figure(line) for line in (card.lines[0], *rest)),
        own=(*(_own(line) for line in drawn), *missing),
        band=(accuracy.low, accuracy.high) if compared else None,
        others_title=_COMPARED if compared else _NOT_COMPARED,
        others=tuple(_other(other) for other in card.beside),
        notes=_notes(card, compared),
    )


def _facts(card: "ScoreCard") -> tuple[str, ...]:
    looks = spell_looks(card)
    images = "1 image" if card.n == 1 else f"{card.n:,} images"
    return (
        f"{card.dataset} (digest {card.data_digest[:_DIGITS]}), {spell_split(card)}: {images}",
        f"{card.parameters:,} parameters · recipe {card.recipe} · model or epoch chosen on {spell_selection(card)}",
        *([f"This test split was shown to {looks}"] if looks else []),
    )


def _figure(line: "ScoreLine") -> tuple[str, str, str]:
    return line.name.removesuffix(", as published"), percent(line.figure.value), spell_interval(line.figure)


def _own(line: "ScoreLine") -> CardRow:
    figure = line.figure
    return CardRow(
        name=_short(line.name),
        interval=(figure.value, figure.low, figure.high),
        spelled=percent(figure.value),
        note=f"{spell_interval(figure)}, n = {line.n:,}: {line.detail}.",
    )


def _other(other: Beside) -> CardRow:
    found = other.reference
    margin = found.margin or 0.0
    fault = found.fault or "No fault known"
    return CardRow(
        name=found.name,
        interval=(found.accuracy, found.accuracy - margin, found.accuracy + margin),
        claimed=found.claimed,
        spelled=spell_reference(found),
        note=f"{_capital(found.source)}. {_capital(fault)}.",
        solid=found.reproduced and other.relation != "other",
    )


def _notes(card: "ScoreCard", compared: bool) -> tuple[str, ...]:
    cautions = [f"Caution: {' '.join(card.cautions)}"] if card.cautions else []
    return (*cautions, f"{_BAND} {_MARKS}" if compared else _MARKS)


def _short(name: str) -> str:
    return _capital(name.removeprefix(_ACCURACY))


def _capital(text: str) -> str:
    """Begin a sentence; names that begin small stay so."""
    return text if text.startswith("arXiv") else f"{text[:1].upper()}{text[1:]}"
