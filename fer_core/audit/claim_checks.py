"""Checks of the claim: how the model was chosen, whether the interval bears the figure, and the report's own mistake."""

from fer_core.audit.finding import Finding, percent
from fer_core.evaluation import Evaluation, wilson_interval
from fer_core.model import ModelInfo

REPORT_NETWORK = "seed"
REPORT_CLAIM = 0.9819
"""What the university report says of its network on "unseen test data"."""


def check_selection(info: ModelInfo, evaluated: Evaluation) -> Finding:
    """Which split chose the weights, and how often was test looked at?"""
    chosen, claimed, times = info.selected_on, evaluated.split, evaluated.times_tested
    figures = {
        "selected_on": chosen,
        "recipe": info.recipe,
        "epoch": info.epoch,
        "threshold": info.threshold,
        "times_tested": times,
    }
    if chosen == claimed:
        return Finding(
            "selection", False, f"{claimed} chose the weights (epoch {info.epoch}), so its figure is too good.", figures
        )
    if chosen == "test":
        return Finding(
            "selection", False, f"Test chose the weights (epoch {info.epoch}); no split is left to judge them by.", figures
        )
    how = "nothing chose the epoch: it is the last" if chosen == "none" else f"{chosen} chose the model or its epoch"
    looked = "" if times is None else f"; models of this recipe ever evaluated on this test split: {times}"
    return Finding("selection", True, f"{how[0].upper()}{how[1:]}{looked}.", figures)


def check_interval(right: int, n: int, claimed_accuracy: float | None) -> Finding:
    """Does the 95 % interval of what was measured hold what is claimed?

    Args:
        right: answers that are right.
        n: answers.
        claimed_accuracy: 0..1, or None where nothing is claimed.
    """
    low, high = wilson_interval(right, n)
    accuracy = right / n
    figures = {"accuracy": accuracy, "low": low, "high": high, "claimed": claimed_accuracy}
    measured = f"{percent(accuracy)} of {n:,} (95 % interval {percent(low)} to {percent(high)})"
    if claimed_accuracy is None:
        return Finding("interval", True, f"{measured}: figures closer than that cannot be told apart.", figures)
    if low <= claimed_accuracy <= high:
        return Finding("interval", True, f"Claimed {percent(claimed_accuracy)}, measured {measured}: they agree.", figures)
    return Finding(
        "interval", False, f"Claimed {percent(claimed_accuracy)}, measured {measured}: the claim lies outside.", figures
    )


def check_notebook(info: ModelInfo, train: Evaluation, claimed: Evaluation, claimed_accuracy: float | None) -> Finding:
    """Replay the report's mistake: its loader gave the training rows for every split.

    Without a claim, the report's own is taken for the report's network.
    """
    computed, honest = train.accuracy, claimed.accuracy
    claim = claimed_accuracy if claimed_accuracy is not None else REPORT_CLAIM if info.network == REPORT_NETWORK else None
    figures = {
        "as_computed": computed.value,
        "as_computed_n": len(train),
        "honest": honest.value,
        "honest_n": len(claimed),
        "honest_ci95": [honest.low, honest.high],
        "claim": claim,
    }
    split = claimed.split
    told = f"with the training rows for {split}'s, {percent(computed.value)}; on {split} itself, {percent(honest.value)}"
    if claim is not None and claim > honest.high and abs(claim - computed.value) < abs(claim - honest.value):
        sentence = (
            f"The claim of {percent(claim, 2)} is the training set's figure, as of the notebook, whose getXY(df) reads "
            f"train_df whatever it is given: {told}."
        )
        return Finding("notebook", False, sentence, figures)
    more = "more" if computed.value > honest.value else "no more"
    return Finding("notebook", True, f"As the notebook computed it, this model would claim {more}: {told}.", figures)
