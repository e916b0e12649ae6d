"""The protocol check: is a figure what it is said to be?"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from fer_core.audit.answer_checks import check_label_order, check_logits, check_outputs, check_rescaling
from fer_core.audit.claim_checks import check_interval, check_notebook, check_selection
from fer_core.audit.finding import Finding
from fer_core.audit.predictions import read_predictions
from fer_core.audit.row_checks import check_copies, check_rows, check_split, check_swapped
from fer_core.audit.subject import Subject, labels_of
from fer_core.dataset import Dataset, find_copies
from fer_core.errors import DatasetError
from fer_core.evaluation import evaluate
from fer_core.model import Model, softmax

Progress = Callable[[float, str], None]


def check_model(
    model: Model,
    dataset: Dataset,
    *,
    claimed_split: str = "test",
    claimed_accuracy: float | None = None,
    progress: Progress | None = None,
) -> list[Finding]:
    """Check a model's figure on a split; a first look at test enters the ledger.

    Args:
        model: from ``load_model``.
        dataset: that the claim is about.
        claimed_split: train, validation or test.
        claimed_accuracy: 0..1, if there is a claim.
        progress: called with the share done, 0..1, and a short sentence.

    Raises:
        DatasetError: the dataset lacks train or the claimed split, or that split is empty.
        ModelError: the model cannot run.
    """
    tell = progress or (lambda share, sentence: None)
    claimed = evaluate(model, dataset, claimed_split, progress=lambda share, sentence: tell(share * 0.3, sentence))
    train = evaluate(model, dataset, "train", progress=lambda share, sentence: tell(0.3 + share * 0.6, sentence))
    _check_not_empty(len(claimed), claimed_split)
    subject = Subject(
        dataset=dataset,
        claimed=dataset.split(claimed_split),
        rows=claimed.rows.astype(np.int64),
        labels=claimed.labels.astype(np.int64),
        predicted=claimed.predicted,
        claimed_accuracy=claimed_accuracy,
    )
    logits = claimed.logits.astype(np.float64)
    findings = [
        *_check_rows_and_order(subject),
        check_outputs(logits),
        check_rescaling(subject, softmax(logits)),
        check_selection(model.info, claimed),
        check_interval(int(subject.right.sum()), len(subject), claimed_accuracy),
        check_notebook(model.info, train, claimed, claimed_accuracy),
    ]
    tell(1.0, "Checked")
    return findings


def check_predictions(
    path: str | Path, dataset: Dataset, *, claimed_split: str = "test", claimed_accuracy: float | None = None
) -> list[Finding]:
    """Check somebody's predictions; what only the model could tell (its selection, say) is not among the findings.

    Args:
        path: a CSV, see ``read_predictions``.
        dataset: whose rows it names.
        claimed_split: train, validation or test.
        claimed_accuracy: 0..1, if there is a claim.

    Raises:
        DatasetError: the file or the dataset cannot be used.
    """
    claimed = dataset.split(claimed_split)
    given = read_predictions(path, dataset)
    labels = labels_of(dataset, given.rows)
    if (labels < 0).any():
        row = int(given.rows[labels < 0][0])
        raise DatasetError(
            f"{path}: expected rows that {dataset.name} has, received row {row}, which was left out as unreadable."
        )
    subject = Subject(
        dataset=dataset,
        claimed=claimed,
        rows=given.rows,
        labels=labels,
        predicted=given.predicted,
        true=given.true,
        claimed_accuracy=claimed_accuracy,
    )
    findings = _check_rows_and_order(subject)
    if given.scores is not None:
        judged = check_logits(given.scores)
        findings.append(judged)
        findings.append(check_rescaling(subject, given.scores if judged.ok else softmax(given.scores)))
    findings.append(check_interval(int(subject.right.sum()), len(subject), claimed_accuracy))
    return findings


def _check_rows_and_order(subject: Subject) -> list[Finding]:
    return [
        check_split(subject),
        check_rows(subject),
        check_swapped(subject),
        check_copies(subject, find_copies(subject.dataset)),
        check_label_order(subject),
    ]


def _check_not_empty(n: int, split: str) -> None:
    if not n:
        raise DatasetError(f"expected images in {split}, found none. Choose another split.")
