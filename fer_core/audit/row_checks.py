"""Checks of which rows the answers are really of."""

import numpy as np

from fer_core.audit.finding import Finding, percent
from fer_core.audit.published import NAMES, find_published
from fer_core.audit.subject import Subject
from fer_core.dataset import Copies

_FITS_BETTER_BY = 0.2
"""Of accuracy: how much better answers must fit another split's labels, in that split's order, to be taken for its."""
_OTHER = {"validation": "test", "test": "validation"}
_COPIES_EXPLAIN = 0.05
"""Of accuracy: FER2013's splits as published put no more than this on a figure."""


def check_split(subject: Subject) -> Finding:
    """Are the answers of the split that is claimed?"""
    claimed = subject.claimed.name
    counts = {name: int(np.isin(subject.rows, split.rows).sum()) for name, split in subject.dataset.splits.items()}
    order = find_order(subject)
    figures = {"claimed": claimed, "n": len(subject), "rows": counts, "labels_follow": order}
    elsewhere = {name: n for name, n in counts.items() if n and name != claimed}
    if elsewhere:
        where = " and ".join(f"{n:,} of {name}" for name, n in elsewhere.items())
        return Finding(
            "split",
            False,
            f"Claimed for {claimed}, but of {len(subject):,} rows {where}: it is not {claimed}'s figure.",
            figures,
        )
    if order not in (None, claimed):
        return Finding(
            "split",
            False,
            f"The rows are numbered as {claimed}'s, but the answers follow {order}'s labels, in order: they are {order}'s.",
            figures,
        )
    return Finding("split", True, f"All {len(subject):,} rows are of {claimed}.", figures)


def find_order(subject: Subject) -> str | None:
    """Name the split whose labels, in its own order, the answers follow much better than the labels of their row numbers.

    Labels that came with the answers say it best; without them, what was predicted. None where none does.
    """
    given = subject.predicted if subject.true is None else subject.true
    best = float((given == subject.labels).mean()) + _FITS_BETTER_BY
    found = None
    for name, split in subject.dataset.splits.items():
        if len(split) >= len(given):
            agreement = float((given == split.labels[: len(given)]).mean())
            if agreement > best:
                best, found = agreement, name
    return found


def check_rows(subject: Subject) -> Finding:
    """Is each row of the split there once, with the label that the dataset has?"""
    claimed = subject.claimed
    once, counts = np.unique(subject.rows, return_counts=True)
    twice = int((counts > 1).sum())
    missing = int((~np.isin(claimed.rows, once)).sum())
    strange = int((~np.isin(once, claimed.rows)).sum())
    differ = 0 if subject.true is None else int((subject.true != subject.labels).sum())
    figures = {
        "n": len(subject),
        "expected": len(claimed),
        "missing": missing,
        "twice": twice,
        "of_other_splits": strange,
        "labels_differ": differ,
        "split_digest": claimed.digest,
    }

    faults = [
        f"{missing:,} of {claimed.name}'s {len(claimed):,} rows are missing" if missing else "",
        f"{twice:,} rows stand more than once" if twice else "",
        f"{strange:,} rows are of another split" if strange else "",
        f"{differ:,} labels are not the dataset's" if differ else "",
    ]
    said = "; ".join(fault for fault in faults if fault)
    if said:
        return Finding("rows", False, f"{said[0].upper()}{said[1:]}.", figures)
    return Finding(
        "rows", True, f"Each of {claimed.name}'s {len(claimed):,} rows is there once (digest {claimed.digest[:12]}).", figures
    )


def check_swapped(subject: Subject) -> Finding:
    """Are splits swapped or renamed: in the dataset, against what was published, or in the answers?"""
    published = find_published(subject.dataset)
    renamed = {name: other for name, other in published.items() if name != other}
    claimed = subject.claimed.name
    other = _OTHER.get(claimed, "")
    order = find_order(subject)
    of_other = other in subject.dataset.splits and bool(np.isin(subject.rows, subject.dataset.splits[other].rows).all())
    swapped = of_other or (other != "" and order == other)
    figures = {"published": published, "answers_of": other if swapped else None}
    if renamed:
        words = " and ".join(f"{name} is FER2013's {NAMES[there]}" for name, there in renamed.items())
        return Finding("swapped", False, f"The dataset's splits are renamed: {words}.", figures)
    if swapped:
        return Finding(
            "swapped",
            False,
            f"Swapped: these are the answers on {other} ({NAMES[other]}) under the name of {claimed} ({NAMES[claimed]}).",
            figures,
        )
    if len(published) == len(NAMES):
        return Finding("swapped", True, "All three splits hold what FER2013 published under their names.", figures)
    return Finding(
        "swapped", True, "This is not FER2013 as published, so its splits' names cannot be held against it.", figures
    )


def check_copies(subject: Subject, copies: Copies) -> Finding:
    """How much of the figure is images that were trained on?"""
    name = subject.claimed.name
    copied_rows = {"test": copies.test_in_train, "validation": copies.validation_in_train}.get(name)
    if copied_rows is None:
        return Finding("copies", True, "Train is compared with itself: every row was trained on.", {"copies": None})
    trained = np.isin(subject.rows, subject.dataset.split("train").rows)
    copied = trained | np.isin(subject.rows, copied_rows)
    accuracy = float(subject.right.mean())
    without = float(subject.right[~copied].mean()) if (~copied).any() else float("nan")
    figures = {
        "copies": int((copied & ~trained).sum()),
        "trained_on": int(trained.sum()),
        "accuracy": accuracy,
        "without": None if np.isnan(without) else without,
    }
    if not copied.any():
        return Finding("copies", True, f"No image of {name} has an exact copy in train.", figures)
    if np.isnan(without):
        return Finding(
            "copies", False, f"Every one of these {len(subject):,} images is in train, itself or as an exact copy.", figures
        )
    sentence = (
        f"{int(copied.sum()):,} of these images have an exact copy in train; "
        f"without them {percent(without)} instead of {percent(accuracy)}."
    )
    return Finding("copies", accuracy - without <= _COPIES_EXPLAIN, sentence, figures)
