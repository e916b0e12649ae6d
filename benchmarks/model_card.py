"""The text of a shipped model's card, every figure in it computed."""

# ruff: noqa: E501 - the card is a template of long lines

from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.card_origin import describe_origin, describe_use
from fer_core.dataset import Dataset, find_copies
from fer_core.evaluation import (
    TARGETS,
    Evaluation,
    Figure,
    brier_score,
    calibrated_band,
    calibration_error,
    count_answered,
    log_loss,
    mcnemar,
    wilson_interval,
)
from fer_core.labels import EMOTIONS
from fer_core.model import Classifier, Model, load_model, softmax
from fer_core.runs import RECIPES

Results = Mapping[str, Evaluation]
RIVAL = "compact"
_TWO_NUMBERS = (
    "There are two numbers because there are two truths: FER2013's label is what one search word brought up, and people who look "
    "at the same image agree with it for about 65 % of images. The label head is for comparison with FER2013 and the field; "
    "the crowd head says what most people would see, and is what the live page uses{}."
)


def write_card(model: Model, dataset: Dataset, results: Results, against_crowd: Results, note: str) -> str:
    """Compute the figures and write the card.

    Args:
        model: the shipped folder, with its final model.json.
        dataset: FER2013.
        results: of each split, against the labels.
        against_crowd: of each split, against the votes' majority.
        note: what the record cannot know.
    """
    last = list(results)[-1]
    judged = results[last]
    parts = [
        f"# Model card: {model.name}\n\n{RECIPES[model.info.recipe].summary}\n",
        _figures(model, dataset, results, against_crowd),
        _calibration(model, judged, against_crowd[last]),
        _emotions(judged),
        describe_origin(model, judged, note),
        describe_use(model, results["train"]),
    ]
    return "\n".join(parts)


def _figures(model: Model, dataset: Dataset, results: Results, against_crowd: Results) -> str:
    last = list(results)[-1]
    judged, crowd, copies = results[last], against_crowd[last], find_copies(dataset)
    copied = np.isin(judged.rows, copies.test_in_train if last == "test" else copies.validation_in_train)
    right = judged.predicted == judged.labels
    rows = [_row(f"{split}, as published", result) for split, result in results.items()]
    rows.append(
        f"| {last}, without {copied.sum()} images that have an exact copy in train | {(~copied).sum():,} | {_accuracy(right[~copied])} | | | |"
    )
    rows += [_row(f"{split}, against FER+'s majority ({result.head} head)", result) for split, result in against_crowd.items()]
    lines = [
        "| split | n | accuracy (95 % interval) | macro-F1 | log loss, nats | calibration error, 15 bins |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        "Test is FER2013's PrivateTest, validation its PublicTest. Accuracy has a Wilson interval, the others a percentile bootstrap of",
        "rows (2,000 draws, seed 0). One forward pass an image. FER+'s majority: the images for which one of the seven emotions has the",
        f"single largest count of its ten votes. Models of this recipe evaluated on test so far: **{len(model.info.test_evaluations)}**.",
        "",
    ]
    if last != "test":
        lines += ["**Test was not looked at**: this is not the last candidate, and test is for that one.", ""]
    if "crowd" in model.info.heads:
        confirmed = (
            ", as validation's votes confirm"
            if model.info.live_head == "crowd"
            else " only where validation's votes confirm it"
        )
        lines += [_TWO_NUMBERS.format(confirmed), ""]
    lines += [f"- {sentence}" for sentence in _comparisons(model, dataset, judged, crowd)]
    return "\n".join([*lines, ""])


def _comparisons(model: Model, dataset: Dataset, judged: Evaluation, crowd: Evaluation) -> list[str]:
    sentences = []
    classifier = Classifier(model, threads=2)
    images = dataset.split(judged.split).images
    flipped = softmax(classifier.predict_logits(np.ascontiguousarray(np.asarray(images)[:, :, ::-1])).astype(np.float64))
    both = (softmax(judged.logits.astype(np.float64)) + flipped).argmax(axis=1) == judged.labels
    sentences.append(
        f"With test-time flip (two passes an image, averaged), on {judged.split}: {_accuracy(both)}. A figure of its own: only the "
        "live video reads a face and its mirror image in turn."
    )
    if model.name not in (RIVAL, "seed"):
        rival = Classifier(load_model(RIVAL), threads=2).predict_logits(images).argmax(axis=1) == judged.labels
        ours, theirs, p = mcnemar(judged.predicted == judged.labels, rival)
        sentences.append(
            f"Beside `{RIVAL}` on the same images of {judged.split}: {ours} that only this one gets right, {theirs} that only `{RIVAL}` does; McNemar's exact p = {p:.2g}."
        )
    if crowd.head == "crowd":
        own = judged.predicted[np.isin(judged.rows, crowd.rows)] == crowd.labels
        sentences.append(f"The label head against FER+'s majority on {judged.split}: {_accuracy(own)}.")
    return sentences


def _calibration(model: Model, judged: Evaluation, crowd: Evaluation) -> str:
    lines = [
        "## Confidence",
        "",
        f"Temperatures are fitted on validation (for the crowd head, on its FER+ majority). On {judged.split}:",
        "",
        "| head | temperature | calibration error before, after | of a perfectly calibrated model, 95 % | log loss before, after | Brier score before, after |",
        "|---|---|---|---|---|---|",
    ]
    for result in (judged, crowd) if crowd.head == "crowd" else (judged,):
        before, after = softmax(result.logits.astype(np.float64)), result.probabilities
        low, high = calibrated_band(after)
        figures = [_pair(measure, before, after, result.labels) for measure in (calibration_error, log_loss, brier_score)]
        lines.append(
            f"| {result.head} | {model.info.temperature[result.head]:.3f} | {figures[0]} | {low:.4f} to {high:.4f} | {figures[1]} | {figures[2]} |"
        )
    lines += [
        "",
        _unsure(model, judged if model.info.live_head == "label" else crowd),
        "",
    ]
    return "\n".join(lines)


def _unsure(model: Model, result: Evaluation) -> str:
    """Say what the threshold of live use gives on a split."""
    n, sure, right = count_answered(result.probabilities, result.labels.astype(np.int64), model.info.threshold)
    asked = TARGETS[model.info.live_head]
    return (
        f'"Unsure" is said below a confidence of {model.info.threshold:.3f}: the lowest at which answers on validation are right to {asked:.0%} '
        f"(the {result.head} head, which the live page uses). On {result.split}, {_proportion(sure, n)} are answered, and "
        f"{_proportion(right, sure)} of these are right."
    )


def _proportion(k: int, n: int) -> str:
    low, high = wilson_interval(k, n)
    return f"{k / max(n, 1):.1%} ({low:.1%} to {high:.1%})"


def _pair(measure: Callable[[np.ndarray, np.ndarray], float], before: np.ndarray, after: np.ndarray, labels: np.ndarray) -> str:
    return f"{measure(before, labels):.4f}, {measure(after, labels):.4f}"


def _emotions(judged: Evaluation) -> str:
    header = "| emotion | n | precision | recall | F1 |\n|---|---|---|---|---|\n"
    rows = "".join(_emotion_row(emotion, judged) for emotion in EMOTIONS)
    return f"## By emotion\n\nLabel head on {judged.split} (precision and recall with Wilson, F1 with bootstrap intervals):\n\n{header}{rows}"


def _row(name: str, result: Evaluation) -> str:
    rest = " | ".join(_plain(figure) for figure in (result.macro_f1, result.log_loss, result.ece))
    low, high = result.accuracy.low, result.accuracy.high
    return f"| {name} | {len(result):,} | {result.accuracy.value:.2%} ({low:.2%} to {high:.2%}) | {rest} |"


def _accuracy(right: np.ndarray) -> str:
    low, high = wilson_interval(int(right.sum()), len(right))
    return f"{right.mean():.2%} ({low:.2%} to {high:.2%})"


def _emotion_row(emotion: str, result: Evaluation) -> str:
    figures = result.per_class[emotion]
    return f"| {emotion} | {figures['n']} | {_plain(figures['precision'])} | {_plain(figures['recall'])} | {_plain(figures['f1'])} |\n"


def _plain(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
