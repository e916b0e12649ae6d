"""The long audit: parts that are finished stay, it can be stopped, and its document says what was found."""

import csv
import io
import os

import numpy as np
import pytest

from fer_core.audit import find_audit_flags, read_audit, read_state, report, stop_audit, work
from fer_core.audit.near_copies import NearCopies
from fer_core.audit.report import CSV_HEADER, csv_lines, judge_no_face, to_json
from fer_core.audit.rows import whole
from fer_core.audit.store import LOCK_FILE, STOP_FILE, audit_dir, finished_parts, read_part, write_part, write_state
from fer_core.audit.work import work_on_audit
from fer_core.dataset import Votes
from fer_core.errors import RunError
from fer_core.labels import EMOTIONS
from fer_core.runs.lock import take_lock
from tests.builders import make_dataset, make_split


@pytest.fixture
def dataset():
    """70 rows of train and 14 of test; the label of row 5 is not what its image shows."""
    return make_dataset(make_split(70, name="train"), make_split(14, name="test", first_row=70, seed=1))


@pytest.fixture(autouse=True)
def quick_parts(monkeypatch):
    """Near copies and faces that take no time: rows 1 and 71 are near copies, row 2 shows no face."""

    def find(dataset, *, progress):
        progress(1.0, "compared")
        pairs = [[1, 71]] if dataset.n == 84 else []
        return NearCopies(np.array(pairs, np.int32).reshape(-1, 2), ("mirrored",) * len(pairs), np.full(len(pairs), 0.01))

    def score(images, *, progress):
        progress(len(images), len(images))
        scores = np.full(len(images), 0.9, np.float32)
        scores[2:3] = 0.1
        return scores

    monkeypatch.setattr(work, "find_near_copies", find)
    monkeypatch.setattr(work, "score_faces", score)


class Answers:
    """Answers as a good model would; keeps what it was trained on, and stops after ``most`` models."""

    def __init__(self, dataset, *, most=99, stop=None):
        self.dataset, self.most, self.stop = dataset, most, stop
        self.trained = []

    def __call__(self, train, asked, seed, progress):
        if len(self.trained) == self.most:
            self.stop()
        progress(0.5)
        self.trained.append(set(train.rows.tolist()))
        everything = whole(self.dataset)
        known = {image.tobytes(): label for image, label in zip(everything.images, everything.labels, strict=True)}
        labels = np.array([known[image.tobytes()] for image in asked])
        if self.dataset.n == 84:
            labels[[image.tobytes() == self.dataset.image(5).tobytes() for image in asked]] = 0
        probabilities = np.full((len(asked), 7), 0.02, np.float32)
        probabilities[np.arange(len(asked)), labels] = 0.88
        return probabilities


def quiet(share, sentence):
    """Say nothing."""


def test_an_audit_finds_all_parts_by_models_that_never_saw_the_row(dataset):
    answers = Answers(dataset)
    assert read_state(dataset.digest).state == "none"
    assert not read_audit(dataset).is_whole
    assert work_on_audit(dataset, answers, progress=quiet)
    state = read_state(dataset.digest)
    assert (state.state, state.share, state.is_active) == ("done", 1.0, False)
    audit = read_audit(dataset)
    assert audit.is_whole
    assert (audit.no_face.rows.tolist(), audit.near_copies.rows.tolist()) == ([2], [[1, 71]])
    assert audit.label_errors.rows.tolist() == [5]
    assert audit.model_accuracy == pytest.approx(83 / 84)
    left_out = [set(range(84)) - trained for trained in answers.trained]
    assert sorted(row for fold in left_out for row in fold) == list(range(84))
    assert any({1, 71} <= fold for fold in left_out)


def test_a_stopped_audit_goes_on_where_it_was(dataset):
    stop = (audit_dir(dataset.digest) / STOP_FILE).touch
    assert not work_on_audit(dataset, Answers(dataset, most=2, stop=stop), progress=quiet)
    state = read_state(dataset.digest)
    assert state.state == "stopped"
    assert 0.6 < state.share < 0.7
    assert read_audit(dataset).near_copies is not None
    assert read_part(dataset.digest, "label_errors") is None
    answers = Answers(dataset)
    assert work_on_audit(dataset, answers, progress=quiet)
    assert len(answers.trained) == 1
    assert read_audit(dataset).label_errors.rows.tolist() == [5]
    before = finished_parts(dataset.digest)
    assert work_on_audit(dataset, answers, progress=quiet)
    assert (len(answers.trained), finished_parts(dataset.digest)) == (1, before)


def test_a_failure_is_said_and_raised(dataset):
    def fail():
        raise RunError("expected this, received that.")

    with pytest.raises(RunError):
        work_on_audit(dataset, Answers(dataset, most=0, stop=fail), progress=quiet)
    state = read_state(dataset.digest)
    assert (state.state, state.sentence) == ("failed", "expected this, received that.")


def test_a_second_process_is_refused_and_a_dead_one_is_interrupted(dataset):
    lock = take_lock(audit_dir(dataset.digest) / LOCK_FILE)
    write_state(dataset.digest, "running", 0.3, "Faces")
    assert (read_state(dataset.digest).state, read_state(dataset.digest).share) == ("running", 0.3)
    with pytest.raises(RunError, match="is being worked on"):
        work_on_audit(dataset, Answers(dataset), progress=quiet)
    stop_audit(dataset.digest)
    assert read_state(dataset.digest).state == "stopping"
    os.close(lock)
    assert read_state(dataset.digest).state == "interrupted"
    with pytest.raises(RunError, match="expected one that runs, received one that is interrupted"):
        stop_audit(dataset.digest)


def test_a_damaged_part_is_made_anew(dataset):
    write_part(dataset.digest, "faces", rows=np.arange(84, dtype=np.int32), scores=np.ones(84, np.float32))
    path = audit_dir(dataset.digest) / "faces.npz"
    path.write_bytes(path.read_bytes()[:40])
    assert work_on_audit(dataset, Answers(dataset), progress=quiet)
    assert read_audit(dataset).no_face.rows.tolist() == [2]


def test_the_document_and_the_csv_say_what_was_found(dataset):
    work_on_audit(dataset, Answers(dataset), progress=quiet)
    counts = np.zeros((84, 10), np.uint8)
    counts[:, 9] = 10
    counts[5, 5] = 1
    votes = Votes("v", "d", counts)
    audit = read_audit(dataset)
    document = to_json(audit, votes)
    assert document["digest"] == dataset.digest
    assert document["near_copies"] == [{"rows": [1, 71], "kind": "mirrored", "residual": pytest.approx(0.01)}]
    assert document["no_face"] == [{"row": 2, "score": pytest.approx(0.1)}]
    (error,) = document["label_errors"]
    assert (error["row"], error["label"], error["suggested"], error["votes_for_label"]) == (5, EMOTIONS[5], EMOTIONS[0], 1)
    assert document["judged_by_votes"]["label_errors"] == {"first": 1, "confirmed": 1.0, "base_rate": 1.0}
    assert document["judged_by_votes"]["no_face"] == {
        "recall": pytest.approx(1 / 83),
        "n": 83,
        "flagged": pytest.approx(1 / 84),
        "caution": "",
        "outside_train": {"recall": 0.0, "n": 14},
    }
    assert to_json(audit, None)["label_errors"][0]["votes_for_label"] is None
    text = "\n".join(",".join(map(str, line)) for line in [CSV_HEADER, *csv_lines(audit, votes)])
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [(line["finding"], line["row"], line["other_row"]) for line in lines] == [
        ("near_copy", "1", "71"),
        ("no_face", "2", ""),
        ("label_error", "5", ""),
    ]
    assert (lines[0]["split"], lines[2]["suggested"], lines[2]["votes_for_label"]) == ("train", "angry", "1")


def test_findings_become_flags_with_lists_of_training_rows(dataset):
    assert find_audit_flags(read_audit(dataset), None) == []
    work_on_audit(dataset, Answers(dataset), progress=quiet)
    flags = {flag.name: flag for flag in find_audit_flags(read_audit(dataset), None)}
    assert list(flags) == ["near_copies", "unframed", "label_errors"]
    near = flags["near_copies"]
    assert (near.rows.tolist(), near.group.tolist(), near.leave_out.tolist()) == ([1, 71], [1, 1], [1])
    assert near.notes == (("mirrored",), ("mirrored",))
    assert flags["label_errors"].notes == (("angry? 23%",),)
    assert flags["unframed"].leave_out.tolist() == [2]


def test_without_no_face_rows_recall_is_unknown(dataset):
    work_on_audit(dataset, Answers(dataset), progress=quiet)
    judged = judge_no_face(read_audit(dataset), Votes("v", "d", np.ones((84, 10), np.uint8)))
    assert judged.n == 0
    assert np.isnan(judged.recall)


@pytest.mark.parametrize("n", [1, 2, 5, 21])
def test_hardly_any_images_are_audited_too(n):
    dataset = make_dataset(make_split(n, name="train"))
    answers = Answers(make_dataset(*dataset.splits.values()))
    assert work_on_audit(dataset, answers, progress=quiet)
    document = to_json(read_audit(dataset), None)
    assert (document["label_errors"], len(answers.trained)) == ([], 0)
    assert document["near_copies"] is not None


def test_a_recall_on_rows_that_the_search_learned_from_says_so(dataset, monkeypatch):
    work_on_audit(dataset, Answers(dataset), progress=quiet)
    monkeypatch.setattr(report, "learned_from", lambda digest: digest == dataset.digest)
    counts = np.zeros((84, 10), np.uint8)
    counts[[2, 70, 71], 9] = 10
    judged = judge_no_face(read_audit(dataset), Votes("v", "d", counts))
    assert (judged.recall, judged.unseen_recall, judged.unseen_n) == (pytest.approx(1 / 3), 0.0, 2)
    assert judged.caution == (
        "The search learned from such votes on these training rows; of the 2 in the other splits, 0.0% are found."
    )
