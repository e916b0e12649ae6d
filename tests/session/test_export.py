"""A session as CSV and Parquet: columns, values, marks, and a summary that is the same from either."""

import io
import json

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest

from fer_core.errors import MediaError
from fer_core.labels import EMOTIONS
from fer_core.session import (
    COLUMNS,
    ModelUsed,
    Recorder,
    Session,
    read_table,
    summarise,
    to_csv,
    to_parquet,
    to_table,
)
from fer_core.session.rows import ROW
from tests.builders import Clock
from tests.session.fakes import SIZE_WH, seen

ISSUE = (
    "time_s, frame, face_id, x1, y1, x2, y2, score, quality, emotion, confidence, unsure, "
    "p_angry, p_disgust, p_fear, p_happy, p_sad, p_surprise, p_neutral, marker"
)
TYPES = ["float64", *["int64"] * 6, "float64", "float64", "str", "float64", "bool", *["float64"] * 7, "str"]


def record(*, frames: int = 600, empty_from: int = 200, empty_to: int = 260, marks: tuple[int, ...] = (50, 220)) -> Session:
    """A minute at 10 frames a second: face 1 from the start, face 2 now and then, nobody for a while, a pause of 20 s."""
    rng, clock = np.random.default_rng(0), Clock()
    recorder = Recorder(clock=clock, wall=lambda: 0.0)
    recorder.use(ModelUsed("studio", "run-1", "abc"))
    recorder.start()
    for index in range(frames):
        if index in marks:
            recorder.mark()
        if index == 400:
            recorder.pause()
            clock.now += 20
            recorder.go_on()
        clock.now += 0.1
        faces = [(1, EMOTIONS[index // 100]), (2, str(rng.choice(EMOTIONS)))][: 1 + (index % 3 == 0)]
        faces = [] if empty_from <= index < empty_to else faces
        doubts = rng.random(len(faces)) < 0.2
        recorder.add(
            seen(*faces, time_s=index / 10, confidence=float(rng.uniform(0.3, 1)), unsure=doubts.tolist()),
            SIZE_WH,
        )
    recorder.stop()
    session = recorder.session()
    assert session is not None
    return session


def empty() -> Session:
    """A recording in which nobody was seen, with one mark."""
    clock = Clock()
    recorder = Recorder(clock=clock)
    recorder.start()
    recorder.add(seen(), SIZE_WH)
    recorder.mark("nobody")
    recorder.stop()
    session = recorder.session()
    assert session is not None
    return session


@pytest.fixture(scope="module")
def session() -> Session:
    return record()


def test_columns_are_those_of_the_issue():
    assert ", ".join(COLUMNS) == ISSUE


def test_pandas_opens_both_files_with_the_same_values_and_types(session: Session):
    csv = pd.read_csv(io.BytesIO(to_csv(session)))
    parquet = pd.read_parquet(io.BytesIO(to_parquet(session)))
    pd.testing.assert_frame_equal(csv, parquet, check_exact=True)
    pd.testing.assert_frame_equal(csv, to_table(session), check_exact=True)
    assert [str(kind) for kind in csv.dtypes] == TYPES


def test_table_holds_one_row_a_face_and_frame_in_order_of_time(session: Session):
    table = to_table(session)
    assert len(table) == len(session.rows) == 540 + 180
    assert not table.duplicated(["frame", "face_id"]).any()
    assert table["time_s"].is_monotonic_increasing
    assert table["time_s"].iloc[[0, -1]].tolist() == [0.1, 80.0]
    assert table.groupby("frame")["time_s"].nunique().max() == 1


def test_values_are_those_recorded(session: Session):
    table, rows = to_table(session), session.rows
    probabilities = table[[f"p_{name}" for name in EMOTIONS]].to_numpy()
    assert np.abs(probabilities - rows["probabilities"]).max() <= 5e-5 + 1e-7
    assert np.abs(probabilities.sum(axis=1) - 1).max() < 4e-4
    assert table["emotion"].tolist() == [EMOTIONS[label] for label in rows["label"]]
    assert (table["confidence"] == probabilities[np.arange(len(rows)), rows["label"]]).all()
    assert table["unsure"].tolist() == rows["unsure"].tolist()
    assert table[["x1", "y1", "x2", "y2"]].to_numpy().tolist() == rows["box"].tolist()
    assert set(table["score"]) == {0.9}
    assert set(table["quality"]) == {0.7}


def test_mark_stands_in_every_row_of_its_frame_and_one_without_faces_is_not_lost(session: Session):
    marked = to_table(session).dropna(subset="marker")
    assert marked[["frame", "marker"]].to_numpy().tolist() == [[50, "mark 1"], [260, "mark 2 (at 22.100 s)"]]
    assert summarise(to_table(session)).marks == ((5.1, "mark 1"), (22.1, "mark 2"))


def test_marks_of_one_frame_share_its_cell_and_all_faces_carry_it():
    session = record(marks=(30,), frames=60)
    extra = Session(**{**session.__dict__, "marks": session.marks * 2})
    table = to_table(extra)
    assert table.loc[table["frame"] == 30, "marker"].tolist() == ["mark 1; mark 1"] * 2
    assert summarise(table).marks == ((3.1, "mark 1"), (3.1, "mark 1"))


def test_mark_after_the_last_face_stands_in_the_last_row():
    session = record(frames=60, empty_from=40, empty_to=60, marks=(50,))
    table = to_table(session)
    assert table["marker"].dropna().tolist() == ["mark 1 (at 5.100 s)"] * 2
    assert set(table.loc[table["marker"].notna(), "frame"]) == {39}


@pytest.mark.parametrize("write", [to_csv, to_parquet])
@pytest.mark.parametrize("make", [record, empty])
def test_summary_of_the_file_equals_that_of_the_page(write, make):
    session = make()
    assert summarise(read_table(write(session))) == summarise(to_table(session))
    pd.testing.assert_frame_equal(read_table(write(session)), to_table(session), check_exact=True)


def test_session_without_faces_has_a_header_and_its_marks():
    assert to_csv(empty()).decode().strip().replace('"', "").replace(",", ", ") == ISSUE
    assert [str(kind) for kind in to_table(empty()).dtypes] == TYPES
    attributes = pd.read_parquet(io.BytesIO(to_parquet(empty()))).attrs
    assert attributes["marks"] == [{"time_s": 0.0, "text": "nobody"}]


def test_parquet_says_where_the_numbers_come_from(session: Session):
    data = to_parquet(session)
    attributes = pd.read_parquet(io.BytesIO(data)).attrs
    assert attributes["models"] == [{"time_s": 0.1, "name": "studio", "run": "run-1", "sha256": "abc"}]
    assert attributes["frame_sizes"] == [{"time_s": 0.1, "width": 64, "height": 48}]
    assert attributes["frames_analysed"] == 600
    assert attributes["seconds_recorded"] == 60.0
    assert attributes["started"] == "1970-01-01T00:00:00+00:00"
    assert attributes["app"].startswith("FER Studio ")
    assert list(attributes["units"]) == list(COLUMNS)
    field = pyarrow.parquet.read_schema(io.BytesIO(data)).field("x1")
    assert field.metadata[b"unit"] == b"pixels of the camera's frame, mirrored where the video was"
    assert "/" not in json.dumps({name: value for name, value in attributes.items() if name != "units"})


def test_files_of_a_long_session_are_bounded():
    rows = np.zeros(20_000, ROW)
    rng = np.random.default_rng(0)
    rows["time_s"] = np.arange(20_000) / 20
    rows["frame"] = np.arange(20_000)
    rows["probabilities"] = rng.dirichlet(np.ones(7), 20_000)
    session = Session(rows, 20_000, 1000.0, (), (), (), "", "")
    assert len(to_csv(session)) / 20_000 < 150
    assert len(to_parquet(session)) / 20_000 < 60


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\x02", b"a,b\n1,2\n", b"PAR1 and nothing else", ISSUE.replace(", ", ",").encode() + b"\nx" * 3]
)
def test_file_that_is_no_session_is_refused(data: bytes):
    with pytest.raises(MediaError, match="expected"):
        read_table(data)
