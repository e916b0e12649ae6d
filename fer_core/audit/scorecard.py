"""The score card: a model's figures on a split, with what bears on them, beside those of others; for a report."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fer_core.audit.beside import Beside, set_beside
from fer_core.audit.cautions import find_cautions, find_small_cautions
from fer_core.audit.published import NAMES, name_published
from fer_core.audit.scorecard_drawing import CardDrawing, plan_drawing
from fer_core.audit.scorecard_text import spell_standing, write_markdown
from fer_core.dataset import Copies, Dataset, Progress, Votes, find_copies
from fer_core.errors import DatasetError
from fer_core.evaluation import Evaluation, Figure, evaluate, times_tested
from fer_core.evaluation.result import figure_json, proportion
from fer_core.model import Model

AS_PUBLISHED = "Accuracy, as published"
WITHOUT_COPIES = "Accuracy, without copies of training images"
AGAINST_CROWD = "Accuracy, against the crowd"
NO_VOTES = "there are no FER+ votes on this dataset"
_SHARE_OF_LABELS = 0.5


@dataclass(frozen=True)
class ScoreLine:
    """One figure of a score card.

    Attributes:
        name: what it is, as the card says it.
        figure: 0..1, with its 95 % interval.
        n: images.
        detail: which images, which head, and what is held to be true.
    """

    name: str
    figure: Figure
    n: int
    detail: str


@dataclass(frozen=True, kw_only=True)
class ScoreCard:
    """What a score card says.

    Attributes:
        published: which of FER2013's splits the split is, by content and FER2013's name; None where it is none.
        times_tested: models of this recipe ever evaluated on this test split; None for another split.
        lines: accuracy as published, without copies and against the crowd, macro-F1 and calibration error.
        missing: lines that could not be drawn up, each with the reason.
        cautions: sentences on what makes the figures other than they look.
        beside: others' figures, from the lowest to the highest.
    """

    model: str
    model_digest: str
    parameters: int
    recipe: str
    selected_on: str
    dataset: str
    data_digest: str
    split: str
    published: str | None
    n: int
    times_tested: int | None
    lines: tuple[ScoreLine, ...]
    missing: tuple[tuple[str, str], ...]
    cautions: tuple[str, ...]
    beside: tuple[Beside, ...]

    def to_markdown(self) -> str:
        """Write the card for a report."""
        return write_markdown(self)

    def to_words(self) -> list[str]:
        """Say in a few sentences where the accuracy as published stands beside others'."""
        return spell_standing(self)

    def to_drawing(self) -> CardDrawing:
        """Choose what ``charts.scorecard_png`` draws of it."""
        return plan_drawing(self)

    def to_json(self) -> dict[str, Any]:
        """Give what ``fer-studio scorecard --json`` prints."""
        plain = ("model", "parameters", "recipe", "selected_on", "dataset", "data_digest", "split", "published", "n")
        return {
            **{key: getattr(self, key) for key in (*plain, "times_tested")},
            "lines": [
                {"name": line.name, **figure_json("value", line.figure), "n": line.n, "detail": line.detail}
                for line in self.lines
            ],
            "missing": [{"name": name, "reason": reason} for name, reason in self.missing],
            "cautions": list(self.cautions),
            "beside": [other.to_json() for other in self.beside],
        }


def score_model(
    model: Model, dataset: Dataset, split: str, *, votes: Votes | None = None, progress: Progress | None = None
) -> ScoreCard:
    """Evaluate a model on a split and draw up its score card; a first look at test enters the ledger.

    Args:
        model: from ``load_model``.
        dataset: that has the split.
        split: train, validation or test.
        votes: the crowd's, on this dataset.
        progress: called with the share done, 0..1, and a short sentence.

    Raises:
        DatasetError: the dataset lacks the split, or it is empty.
        ModelError: the model cannot run.
    """
    tell = progress or (lambda share, sentence: None)
    _check_not_empty(len(dataset.split(split)), dataset, split)
    share = _SHARE_OF_LABELS if votes else 1.0
    result = evaluate(model, dataset, split, progress=lambda done, sentence: tell(done * share, sentence))
    crowd = None
    if votes:
        crowd = evaluate(
            model, dataset, split, votes=votes, progress=lambda done, sentence: tell(share + done * (1 - share), sentence)
        )
    return build_scorecard(result, crowd, model=model, dataset=dataset, copies=find_copies(dataset))


def build_scorecard(
    result: Evaluation, crowd: Evaluation | None, *, model: Model, dataset: Dataset, copies: Copies
) -> ScoreCard:
    """Draw up a score card from what was evaluated.

    Args:
        result: the model on a split, against the labels.
        crowd: the same model and split, against the votes' majority; None where there are no votes.
        model: that was evaluated.
        dataset: that it was evaluated on.
        copies: of the dataset.

    Raises:
        DatasetError: the split is empty.
    """
    _check_not_empty(len(result), dataset, result.split)
    found = [_as_published(result), _without_copies(result, dataset, copies), _against_crowd(crowd, result)]
    lines = [line for line in found if isinstance(line, ScoreLine)]
    published = name_published(dataset.split(result.split))
    looks = times_tested(result.recipe, result.split_digest, [model]) if result.split == "test" else None
    return ScoreCard(
        model=result.model_name,
        model_digest=result.model_digest,
        parameters=result.parameters,
        recipe=result.recipe,
        selected_on=result.selected_on,
        dataset=result.dataset_name,
        data_digest=result.data_digest,
        split=result.split,
        published=NAMES[published] if published else None,
        n=len(result),
        times_tested=looks,
        lines=(*lines, *_further(result)),
        missing=tuple(line for line in found if not isinstance(line, ScoreLine)),
        cautions=(*_split_cautions(result.split, published), *find_cautions(result, model), *find_small_cautions(result)),
        beside=set_beside(result.accuracy, NAMES[published] if published else None),
    )


def _as_published(result: Evaluation) -> ScoreLine:
    return ScoreLine(AS_PUBLISHED, result.accuracy, len(result), "label head; all images, their own labels")


def _without_copies(result: Evaluation, dataset: Dataset, copies: Copies) -> ScoreLine | tuple[str, str]:
    if result.split == "train":
        return WITHOUT_COPIES, "these are the training images"
    if "train" not in dataset.splits:
        return WITHOUT_COPIES, "the dataset has no training images to compare with"
    copied = np.isin(result.rows, copies.test_in_train if result.split == "test" else copies.validation_in_train)
    if copied.all():
        return WITHOUT_COPIES, "every image has an exact copy among the training images"
    right = int((result.predicted == result.labels)[~copied].sum())
    n, left_out = int((~copied).sum()), int(copied.sum())
    copies_out = "1 exact copy" if left_out == 1 else f"{left_out:,} exact copies"
    detail = f"label head; {copies_out} left out" if left_out else "label head; none has an exact copy in train"
    return ScoreLine(WITHOUT_COPIES, proportion(right, n), n, detail)


def _against_crowd(crowd: Evaluation | None, result: Evaluation) -> ScoreLine | tuple[str, str]:
    if crowd is None:
        return AGAINST_CROWD, NO_VOTES
    if not len(crowd):
        return AGAINST_CROWD, "of no image has one of the seven emotions the single largest vote"
    head = "crowd head" if crowd.head == "crowd" else "label head, as there is no crowd head"
    detail = f"{head}; images whose single largest FER+ vote is one of the seven emotions"
    return ScoreLine(AGAINST_CROWD, crowd.accuracy, len(crowd), detail)


def _further(result: Evaluation) -> tuple[ScoreLine, ScoreLine]:
    n = len(result)
    return (
        ScoreLine("Macro-F1", result.macro_f1, n, "label head; mean F1 of the emotions"),
        ScoreLine("Calibration error", result.ece, n, "label head; confidence against accuracy in 15 bins"),
    )


def _split_cautions(split: str, published: str | None) -> list[str]:
    """Say what the split is, where it isn't the test split that others report."""
    found = []
    if split != "test":
        found.append(f"This is the {split} split, not test.")
    if published is None:
        found.append("These are not FER2013's images as published, so that nobody else's figure is of them.")
    elif published != split:
        found.append(f"By its content, this {split} split is FER2013's {NAMES[published]}.")
    return found


def _check_not_empty(n: int, dataset: Dataset, split: str) -> None:
    if not n:
        raise DatasetError(f"{dataset.name}: expected images in {split}, found none. Choose another split.")
