"""A model's figure beside those of others, in words that claim no more than its interval says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fer_core.audit.finding import percent
from fer_core.evaluation import REFERENCES, Figure, Reference

Relation = Literal["includes", "above", "below", "other"]
UNKNOWN_SPLIT = "not stated"


@dataclass(frozen=True)
class Beside:
    """Another's figure, and where this model's 95 % interval lies to it.

    Attributes:
        reference: the other.
        relation: "includes" where the interval holds it; "above" or "below" where all of the interval lies above or below it;
            "other" where it is of other images, so that nothing is compared.
        words: the same as a clause.
    """

    reference: Reference
    relation: Relation
    words: str

    def to_json(self) -> dict[str, Any]:
        """Give what ``fer-studio scorecard --json`` prints of it."""
        other = self.reference
        return {
            "name": other.name,
            "accuracy": other.accuracy,
            "claimed": other.claimed,
            "margin": other.margin,
            "split": other.split,
            "source": other.source,
            "fault": other.fault,
            "reproduced": other.reproduced,
            "relation": self.relation,
            "words": self.words,
        }


def set_beside(own: Figure, published: str | None, references: Sequence[Reference] = REFERENCES) -> tuple[Beside, ...]:
    """Hold a model's accuracy against others'.

    Args:
        own: accuracy on all images of a split, against their labels, with its interval.
        published: which of FER2013's splits that is, by FER2013's name (PrivateTest, say); None where it is none.
        references: the others.
    """
    return tuple(_compare(own, published, reference) for reference in references)


def spell_reference(reference: Reference) -> str:
    """Spell another's figure as exactly as it was given."""
    margin = f" ± {100 * reference.margin:.0f}" if reference.margin else ""
    return f"{100 * reference.accuracy:.4g}{margin} %"


def _compare(own: Figure, published: str | None, reference: Reference) -> Beside:
    if published is None or published == "Training":
        return Beside(reference, "other", "not compared: other images")
    if reference.split not in (published, UNKNOWN_SPLIT):
        return Beside(reference, "other", f"not compared: measured on {reference.split}")
    margin = reference.margin or 0.0
    low, high = reference.accuracy - margin, reference.accuracy + margin
    met = f"{percent(low, 0)} to {percent(high, 0)}" if margin else "it"
    if own.low <= high and low <= own.high:
        return Beside(reference, "includes", f"not told apart: the interval {'overlaps' if margin else 'includes'} {met}")
    relation: Relation = "above" if own.low > high else "below"
    points = 100 * abs(own.value - reference.accuracy)
    words = f"{points:.1f} points {relation}; all of the interval lies {relation} {met}"
    return Beside(reference, relation, words)
