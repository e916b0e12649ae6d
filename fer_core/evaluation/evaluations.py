"""Evaluates a model on a split."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from fer_core.dataset import Dataset, Split, Votes, find_majority
from fer_core.evaluation import metrics
from fer_core.evaluation.answers import Answers, Question, find_answers, write_answers
from fer_core.evaluation.ledger import LedgerLine, enter_test_evaluation, times_tested
from fer_core.evaluation.result import EmotionFigures, Evaluation, Figure, proportion
from fer_core.labels import EMOTIONS
from fer_core.model import Model, softmax

Progress = Callable[[float, str], None]
CALIBRATION_BINS = 15
_SHARE_OF_RUNNING = 0.8


def evaluate(
    model: Model, dataset: Dataset, split: str, *, votes: Votes | None = None, progress: Progress | None = None
) -> Evaluation:
    """Evaluate a model on a split, or take what is known from before; a first look at test enters the ledger.

    Args:
        model: from ``load_model``.
        dataset: from ``load_dataset``.
        split: "train", "validation" or "test".
        votes: with them, the model's crowd head (else its only one) is held against the votes' majority, over the rows where
            one of the seven emotions has the single largest count; without them, its label head against the labels.
        progress: called with the share done, 0..1, and a short sentence.

    Raises:
        DatasetError: the dataset has no such split.
        ModelError: the model cannot run.
        FerError: the ledger cannot be written.
    """
    part = dataset.split(split)
    tell = progress or (lambda share, sentence: None)
    question = Question(part) if votes is None else _ask_crowd(model, part, votes)
    logits, intervals = _answer(model, question, tell)
    result = _score(model, dataset, question, logits, intervals.tolist())
    if split == "test":
        enter_test_evaluation(_ledger_line(model, result, part))
        result = replace(result, times_tested=times_tested(model.info.recipe, part.digest, [model]))
    tell(1.0, "Evaluated")
    return result


def _ask_crowd(model: Model, part: Split, votes: Votes) -> Question:
    majority = find_majority(votes.of(part.rows))
    known = majority >= 0
    asked = replace(part, images=part.images[known], labels=majority[known].astype(np.uint8), rows=part.rows[known])
    return Question(asked, "crowd", "crowd" if "crowd" in model.info.heads else "label")


def _answer(model: Model, question: Question, tell: Progress) -> tuple[np.ndarray, np.ndarray]:
    split = question.split

    def run_progress(share: float) -> None:
        tell(share * _SHARE_OF_RUNNING, f"{round(share * len(split)):,} of {len(split):,} images")

    def interval_progress(share: float) -> None:
        tell(_SHARE_OF_RUNNING + share * (1 - _SHARE_OF_RUNNING), "Intervals")

    temperature = model.info.temperature[question.head]
    answers = find_answers(model, question, progress=run_progress)
    if answers.intervals is not None and answers.temperature == temperature:
        return answers.logits, answers.intervals
    probabilities = softmax(answers.logits.astype(np.float64), temperature)
    intervals = _bootstrap(probabilities, split.labels, interval_progress)
    write_answers(model, question, Answers(answers.logits, intervals, temperature))
    return answers.logits, intervals


def _bootstrap(probabilities: np.ndarray, labels: np.ndarray, progress: Callable[[float], None]) -> np.ndarray:
    """Give the intervals (2, 10) of macro-F1, log loss, calibration error and each emotion's F1; NaN of no rows."""
    n, cells = len(labels), metrics.CLASSES**2
    if not n:
        return np.full((2, 3 + metrics.CLASSES), np.nan)
    cell = labels.astype(np.int64) * metrics.CLASSES + probabilities.argmax(axis=1)
    losses = metrics.row_log_loss(probabilities, labels)
    bins, gaps = metrics.confidence_gaps(probabilities, labels, CALIBRATION_BINS)

    def statistics(drawn: np.ndarray) -> np.ndarray:
        confusion = metrics.sum_by_group(cell[drawn], cells).reshape(-1, metrics.CLASSES, metrics.CLASSES)
        error = np.abs(metrics.sum_by_group(bins[drawn], CALIBRATION_BINS, gaps[drawn])).sum(axis=1) / n
        f1 = metrics.per_class(confusion).f1
        return np.column_stack([metrics.macro_f1(confusion), losses[drawn].mean(axis=1), error, f1])

    return np.stack(metrics.bootstrap_interval(statistics, n, progress=progress))


def _score(model: Model, dataset: Dataset, question: Question, logits: np.ndarray, intervals: list[list[float]]) -> Evaluation:
    split = question.split
    probabilities = softmax(logits.astype(np.float64), model.info.temperature[question.head])
    predicted = probabilities.argmax(axis=1)
    confusion = metrics.confusion_matrix(split.labels, predicted)
    low, high = intervals
    accuracy = metrics.accuracy(split.labels, predicted)
    return Evaluation(
        model_name=model.name,
        model_digest=model.digest,
        recipe=model.info.recipe,
        parameters=model.info.parameters,
        dataset_name=dataset.name,
        data_digest=dataset.digest,
        split=split.name,
        split_digest=split.digest,
        against=question.against,
        head=question.head,
        rows=split.rows,
        labels=split.labels,
        logits=logits,
        probabilities=probabilities,
        predicted=predicted,
        confusion=confusion,
        accuracy=Figure(accuracy, *metrics.wilson_interval(int(np.trace(confusion)), len(split))),
        macro_f1=Figure(float(metrics.macro_f1(confusion)), low[0], high[0]),
        log_loss=Figure(metrics.log_loss(probabilities, split.labels), low[1], high[1]),
        ece=Figure(metrics.calibration_error(probabilities, split.labels, CALIBRATION_BINS), low[2], high[2]),
        per_class=_emotion_figures(confusion, low[3:], high[3:]),
        selected_on=model.info.selected_on,
        times_tested=None,
    )


def _emotion_figures(confusion: np.ndarray, f1_low: list[float], f1_high: list[float]) -> dict[str, EmotionFigures]:
    hits, true, guessed = np.diagonal(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    f1 = metrics.per_class(confusion).f1
    return {
        emotion: {
            "precision": proportion(int(hits[k]), int(guessed[k])),
            "recall": proportion(int(hits[k]), int(true[k])),
            "f1": Figure(float(f1[k]), f1_low[k], f1_high[k]),
            "n": int(true[k]),
        }
        for k, emotion in enumerate(EMOTIONS)
    }


def _ledger_line(model: Model, result: Evaluation, part: Split) -> LedgerLine:
    """Describe the first look at test; its accuracy is the label head's, and left open where only the crowd was asked."""
    return LedgerLine(
        model_digest=result.model_digest,
        data_digest=result.data_digest,
        split_digest=result.split_digest,
        recipe=result.recipe,
        model=result.model_name,
        run_id=model.info.run_id,
        n=len(part),
        accuracy=result.accuracy.value if len(result) and result.against == "label" else None,
        when=datetime.now(UTC).isoformat(timespec="seconds"),
    )
