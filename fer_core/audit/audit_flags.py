"""What the long audit found, as flags beside the others."""

import numpy as np

from fer_core.audit.label_errors import LabelErrors
from fer_core.audit.near_copies import NearCopies
from fer_core.audit.quality import Flag
from fer_core.audit.report import Audit, NoFace
from fer_core.dataset import Dataset, Votes
from fer_core.labels import EMOTIONS


def find_audit_flags(audit: Audit, votes: Votes | None) -> list[Flag]:
    """Give a flag for each finished part of an audit.

    Args:
        audit: as far as it is.
        votes: on the same dataset; with them each likely label error says how many voters chose the label.
    """
    train = audit.dataset.splits["train"].rows if "train" in audit.dataset.splits else np.empty(0, np.int32)
    flags = []
    if audit.near_copies is not None:
        flags.append(_near(audit.dataset, audit.near_copies, train))
    if audit.no_face is not None:
        flags.append(_unframed(audit.no_face, train))
    if audit.label_errors is not None:
        flags.append(_errors(audit.label_errors, votes, train))
    return flags


def _near(dataset: Dataset, near: NearCopies, train: np.ndarray) -> Flag:
    """Pairs, those that cross splits first; left out are training rows whose near copy is in another split."""
    pairs = near.rows.reshape(-1, 2)
    in_train = np.isin(pairs, train)
    crossing = np.array([dataset.split_of(a).name != dataset.split_of(b).name for a, b in pairs.tolist()], bool)
    order = np.lexsort((near.residual, ~crossing))
    notes = tuple((near.kind[at],) for at in order.tolist() for _ in range(2))
    return Flag(
        "near_copies",
        "Near copies",
        "Near copies",
        "Two images of one picture: mirrored, shifted, rescaled, brightened or compressed anew. Those in two splits first.",
        pairs[order].ravel(),
        np.repeat(np.arange(1, len(pairs) + 1), 2),
        np.unique(pairs[in_train & crossing[:, None]]),
        notes,
    )


def _unframed(found: NoFace, train: np.ndarray) -> Flag:
    return Flag(
        "unframed",
        "Not framed",
        "No well framed face",
        "No upright, centred face was found: text, signs, or a face that lies or is cut.",
        found.rows,
        None,
        np.intersect1d(found.rows, train),
        tuple((f"framed {score:.0%}",) for score in found.scores.tolist()),
    )


def _errors(errors: LabelErrors, votes: Votes | None, train: np.ndarray) -> Flag:
    columns = (errors.suggested.tolist(), errors.scores.tolist(), _count(errors, votes))
    return Flag(
        "label_errors",
        "Label errors",
        "Likely label errors",
        "Models that never saw the image find its label improbable; likeliest first. Below each: what they see instead, "
        "how probable the label is, and how many voters chose it.",
        errors.rows,
        None,
        np.intersect1d(errors.rows, train),
        tuple((f"{EMOTIONS[other]}? {score:.0%}", *voted) for other, score, voted in zip(*columns, strict=True)),
    )


def _count(errors: LabelErrors, votes: Votes | None) -> list[tuple[str, ...]]:
    """Say how many voters chose each label."""
    if votes is None:
        return [()] * len(errors)
    counts = votes.of(errors.rows)
    chosen = votes.for_labels(errors.rows, errors.labels)
    return [(f"{n} of {total} votes",) for n, total in zip(chosen.tolist(), counts.sum(axis=1).tolist(), strict=True)]
