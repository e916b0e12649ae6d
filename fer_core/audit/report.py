"""An audit as one document: what was found, and what independent voters say of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from fer_core.audit.label_errors import Judgement, LabelErrors, judge_label_errors
from fer_core.audit.near_copies import NearCopies
from fer_core.audit.no_face import NO_FACE_SCORE, learned_from
from fer_core.audit.rows import all_rows
from fer_core.audit.store import read_part
from fer_core.dataset import Copies, Dataset, Votes, find_copies, find_no_face
from fer_core.labels import EMOTIONS

JUDGED_FIRST = 1000
CSV_HEADER = ("finding", "row", "split", "label", "other_row", "kind", "score", "suggested", "votes_for_label")


@dataclass(frozen=True, eq=False)
class NoFace:
    """Rows in which no upright, well framed face was found.

    Attributes:
        rows: (n,) int32, the surest first.
        scores: (n,) float32 within 0..1, how much it looks like a face.
    """

    rows: np.ndarray
    scores: np.ndarray


@dataclass(frozen=True, eq=False)
class Audit:
    """What a dataset's audit found so far.

    Attributes:
        dataset: whole.
        copies: exact ones.
        near_copies, no_face, label_errors: None where that part is not finished.
        model_accuracy: of the quick models, each on rows that it never saw; None likewise.
    """

    dataset: Dataset
    copies: Copies
    near_copies: NearCopies | None
    no_face: NoFace | None
    label_errors: LabelErrors | None
    model_accuracy: float | None

    @property
    def is_whole(self) -> bool:
        """Whether all parts are finished."""
        return self.near_copies is not None and self.no_face is not None and self.label_errors is not None


@dataclass(frozen=True)
class NoFaceJudgement:
    """How the search for images without a face compares with the voters' word.

    Attributes:
        recall: share found of the rows whose votes are all for no face; NaN without such rows.
        n: such rows.
        flagged: share of all rows.
        learned: whether the search learned from votes on this dataset's training rows, so that ``recall`` flatters it.
        unseen_recall, unseen_n: the same of the other splits.
    """

    recall: float
    n: int
    flagged: float
    learned: bool
    unseen_recall: float
    unseen_n: int

    @property
    def caution(self) -> str:
        """Say what the recall is worth, in a sentence; nothing where it is what it seems."""
        if not self.learned:
            return ""
        found = f"of the {self.unseen_n:,} in the other splits, {self.unseen_recall:.1%} are found" if self.unseen_n else ""
        return f"The search learned from such votes on these training rows{f'; {found}' if found else ''}."


def read_audit(dataset: Dataset, copies: Copies | None = None) -> Audit:
    """Read what is finished of a dataset's audit."""
    near, faces, errors = (read_part(dataset.digest, name) for name in ("near_copies", "faces", "label_errors"))
    return Audit(
        dataset,
        copies or find_copies(dataset),
        NearCopies(near["rows"], tuple(near["kind"].tolist()), near["residual"]) if near else None,
        _without_face(faces["rows"], faces["scores"]) if faces else None,
        LabelErrors(*(errors[key] for key in ("rows", "labels", "suggested", "scores"))) if errors else None,
        float(errors["accuracy"]) if errors else None,
    )


def _without_face(rows: np.ndarray, scores: np.ndarray) -> NoFace:
    found = np.flatnonzero(scores < NO_FACE_SCORE)
    found = found[np.argsort(scores[found], kind="stable")]
    return NoFace(rows[found], scores[found])


def judge_errors(audit: Audit, votes: Votes) -> Judgement | None:
    """Ask the voters about likely label errors; None where these are not known yet."""
    return judge_label_errors(audit.label_errors, votes, *all_rows(audit.dataset)) if audit.label_errors is not None else None


def judge_no_face(audit: Audit, votes: Votes) -> NoFaceJudgement | None:
    """Ask the voters about images without a face; None where these are not known yet."""
    if audit.no_face is None:
        return None
    rows, _ = all_rows(audit.dataset)
    known = rows[find_no_face(votes.of(rows))]
    found = np.isin(known, audit.no_face.rows)
    train = audit.dataset.splits["train"].rows if "train" in audit.dataset.splits else np.empty(0, np.int32)
    unseen = found[~np.isin(known, train)]
    return NoFaceJudgement(
        recall=_mean(found),
        n=len(known),
        flagged=len(audit.no_face.rows) / max(len(rows), 1),
        learned=learned_from(audit.dataset.digest),
        unseen_recall=_mean(unseen),
        unseen_n=len(unseen),
    )


def _mean(found: np.ndarray) -> float:
    return float(found.mean()) if len(found) else float("nan")


def to_json(audit: Audit, votes: Votes | None) -> dict[str, Any]:
    """Give the document of ``fer-studio data audit --json``; parts that are not finished are null."""
    near, no_face, errors = audit.near_copies, audit.no_face, audit.label_errors
    pairs = zip(near.rows.tolist(), near.kind, near.residual.tolist(), strict=True) if near else ()
    return {
        "dataset": audit.dataset.name,
        "digest": audit.dataset.digest,
        "copies": audit.copies.to_json(),
        "near_copies": [{"rows": rows, "kind": kind, "residual": residual} for rows, kind, residual in pairs] if near else None,
        "blank": audit.copies.blank.tolist(),
        "no_face": _list_no_face(no_face) if no_face is not None else None,
        "label_errors": list(_error_lines(errors, votes)) if errors is not None else None,
        "judged_by_votes": _judged(audit, votes) if votes else None,
    }


def _list_no_face(found: NoFace) -> list[dict[str, Any]]:
    return [{"row": row, "score": score} for row, score in zip(found.rows.tolist(), found.scores.tolist(), strict=True)]


def _error_lines(errors: LabelErrors, votes: Votes | None) -> Iterator[dict[str, Any]]:
    columns = (errors.rows.tolist(), errors.labels.tolist(), errors.suggested.tolist(), errors.scores.tolist())
    for row, label, suggested, score, n in zip(*columns, _votes_for(errors, votes), strict=True):
        yield {"row": row, "label": EMOTIONS[label], "suggested": EMOTIONS[suggested], "score": score, "votes_for_label": n}


def _votes_for(errors: LabelErrors, votes: Votes | None) -> list[int | None]:
    if votes is None:
        return [None] * len(errors)
    chosen: list[int | None] = votes.for_labels(errors.rows, errors.labels).tolist()
    return chosen


def _judged(audit: Audit, votes: Votes) -> dict[str, Any]:
    errors, no_face = judge_errors(audit, votes), judge_no_face(audit, votes)
    judged: dict[str, Any] = {}
    if errors and errors.n:
        first = min(JUDGED_FIRST, errors.n)
        judged["label_errors"] = {"first": first, "confirmed": errors.at(first), "base_rate": errors.base}
    if no_face and no_face.n:
        unseen = {"recall": no_face.unseen_recall if no_face.unseen_n else None, "n": no_face.unseen_n}
        judged["no_face"] = {
            "recall": no_face.recall,
            "n": no_face.n,
            "flagged": no_face.flagged,
            "caution": no_face.caution,
            "outside_train": unseen,
        }
    return judged


def csv_lines(audit: Audit, votes: Votes | None) -> Iterator[tuple[object, ...]]:
    """Give a line for each finding and row, in the order of ``CSV_HEADER``."""
    where = {int(row): (name, EMOTIONS[label]) for name, split in audit.dataset.splits.items()
             for row, label in zip(split.rows.tolist(), split.labels.tolist(), strict=True)}  # fmt: skip
    for group in audit.copies.groups:
        for row in group.tolist():
            first = int(group[0])
            yield "copy", row, *where[row], "" if row == first else first, "", "", "", ""
    for row in audit.copies.blank.tolist():
        yield "blank", row, *where[row], "", "", "", "", ""
    if audit.near_copies is not None:
        near = audit.near_copies
        for (a, b), kind, residual in zip(near.rows.tolist(), near.kind, near.residual.tolist(), strict=True):
            yield "near_copy", a, *where[a], b, kind, f"{residual:.4f}", "", ""
    if audit.no_face is not None:
        for row, score in zip(audit.no_face.rows.tolist(), audit.no_face.scores.tolist(), strict=True):
            yield "no_face", row, *where[row], "", "", f"{score:.4f}", "", ""
    if audit.label_errors is not None:
        for line in _error_lines(audit.label_errors, votes):
            row, n = line["row"], line["votes_for_label"]
            yield "label_error", row, *where[row], "", "", f"{line['score']:.4f}", line["suggested"], "" if n is None else n
