"""The dataset page's search: it is offered to owners, followed and stopped, and what it found is shown beside the rest."""

import os
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.audit import read_state
from fer_core.audit.store import LOCK_FILE, STOP_FILE, audit_dir, write_part, write_state
from fer_core.runs.lock import take_lock
from fer_core.ui import actions
from tests.pages.dataset_page import make_faces, shown_of

OpenPage = Callable[..., AppTest]


def labels_of(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


@pytest.fixture
def found(faces: None) -> str:
    """An audit that is finished: rows 1 and 2 are near copies, row 3 is not framed, row 4's label is likely wrong."""
    data = make_faces("sample")
    rows = np.concatenate([split.rows for split in data.splits.values()])
    write_part(
        data.digest, "near_copies", rows=np.array([[1, 2]], np.int32), kind=np.array(["mirrored"]), residual=np.array([0.01])
    )
    write_part(data.digest, "faces", rows=rows, scores=np.where(rows == 3, 0.1, 0.9).astype(np.float32))
    write_part(
        data.digest,
        "label_errors",
        rows=np.array([4], np.int32),
        labels=np.array([data.label(4)], np.uint8),
        suggested=np.array([(data.label(4) + 1) % 7], np.uint8),
        scores=np.array([0.02], np.float32),
        accuracy=np.array(0.6),
    )
    write_state(data.digest, "done", 1.0, "")
    return data.digest


def test_an_owner_starts_the_search(open_page: OpenPage, faces: None, owner: None, monkeypatch: pytest.MonkeyPatch):
    started = []
    monkeypatch.setattr(actions.audit, "start_audit", lambda *given, **more: started.append((given, more)))
    app = open_page("dataset")
    assert "take minutes to find" in shown_of(app)
    next(button for button in app.button if button.label == "Search now").click().run()
    assert started == [((make_faces("sample").digest, "sample"), {"skip_bad_rows": False})]


def test_a_viewer_is_told_who_can_start_it(open_page: OpenPage, faces: None):
    app = open_page("dataset")
    assert "An owner can start it." in shown_of(app)
    assert "Search now" not in labels_of(app)


def test_a_search_that_runs_is_followed_and_stopped(open_page: OpenPage, faces: None, owner: None):
    digest = make_faces("sample").digest
    lock = take_lock(audit_dir(digest) / LOCK_FILE)
    write_state(digest, "running", 0.4, "Faces: 40 of 100", 120.0)
    app = open_page("dataset")
    bar = app.get("progress")[0].proto
    assert (bar.value, bar.text) == (40, "Faces: 40 of 100, about 2 min to go")
    next(button for button in app.button if button.label == "Stop the search").click().run()
    assert (audit_dir(digest) / STOP_FILE).exists()
    assert read_state(digest).state == "stopping"
    os.close(lock)


def test_a_search_that_failed_says_why_and_can_go_on(open_page: OpenPage, faces: None, owner: None):
    write_state(make_faces("sample").digest, "failed", 0.25, "expected this, received that.")
    app = open_page("dataset")
    assert [error.value for error in app.error] == ["expected this, received that."]
    assert "It was 25 % done, which stays." in shown_of(app)
    assert "Go on" in labels_of(app)


def test_what_was_found_is_counted_and_shown(open_page: OpenPage, found: str):
    app = open_page("dataset", flag="Near copies")
    counts = {metric.label: metric.value for metric in app.metric}
    assert (counts["Near copies"], counts["Not framed"], counts["Label errors"]) == ("2", "1", "1")
    assert "2 images in 1 groups" in shown_of(app)
    assert "take minutes" not in shown_of(app)


def test_likely_label_errors_become_a_list_for_training(open_page: OpenPage, found: str, owner: None):
    app = open_page("dataset", flag="Likely label errors")
    assert "Save the list" in labels_of(app)
    assert not app.exception


def test_an_opened_image_names_its_near_copy(open_page: OpenPage, found: str):
    app = open_page("dataset", row="2")
    assert "Nearly the same picture: row 1 (train, happy)." in shown_of(app)
