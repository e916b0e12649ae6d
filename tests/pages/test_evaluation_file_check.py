"""A file of predictions checked on the evaluation page: by the owner, under a claim, with a sentence for each bad file."""

import pytest

from fer_core.labels import EMOTIONS
from fer_core.ui import load
from tests.builders import make_dataset, make_split
from tests.pages.evaluation_page import rooms, text_of  # noqa: F401

ROWS = range(14, 28)
"""Test's rows, labelled 0..6 twice."""
HEADER = f"row,{','.join(EMOTIONS)}"


@pytest.fixture
def page(rooms, open_page, monkeypatch):  # noqa: F811
    splits = [make_split(14, name="train", seed=3), make_split(14, first_row=14)]
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: make_dataset(*splits, source=source))
    return open_page("evaluation")


def right_answers(rows=ROWS, sure=0.7):
    """Predictions that name each row's label."""
    rest = (1 - sure) / 6
    return [",".join([str(row), *(str(sure if k == row % 7 else rest) for k in range(7))]) for row in rows]


def check(app, lines):
    app.get("file_uploader")[0].upload("mine.csv", "\n".join(lines).encode(), "text/csv").run()
    next(button for button in app.button if button.label == "Check the file").click().run()
    assert not app.exception
    return text_of(app)


@pytest.mark.usefixtures("owner")
def test_owner_checks_a_file_under_a_claim_and_a_changed_claim_takes_the_findings_away(page):
    page.number_input("claimed_accuracy").set_value(50.0)
    text = check(page, [HEADER, *right_answers()])
    assert "**1 of 8 checks finds a fault.**" in text
    assert "Fault: **The interval**. Claimed 50.0 %, measured 100.0 % of 14" in text
    assert "**The split**. All 14 rows are of test." in text
    page.number_input("claimed_accuracy").set_value(100.0).run()
    assert "checks find" not in text_of(page)
    next(button for button in page.button if button.label == "Check the file").click().run()
    assert "**None of 8 checks finds a fault.**" in text_of(page)


@pytest.mark.usefixtures("owner")
def test_owner_checks_a_file_for_another_split(page):
    page.selectbox("claimed_split").set_value("train")
    assert "Fault: **The split**. Claimed for train, but of 14 rows 14 of test" in check(page, [HEADER, *right_answers()])


FAULTS = {
    "twice and missing": (
        [*right_answers(ROWS[:-1]), *right_answers(ROWS[:1])],
        "Fault: **Its rows**. 1 of test's 14 rows are missing; 1 rows stand more than once.",
    ),
    "no probabilities": (right_answers(sure=7.0), "Fault: **One softmax**. These are no probabilities: values from -1 to 7"),
}


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(("answers", "said"), FAULTS.values(), ids=FAULTS)
def test_faults_of_a_file_are_found(page, answers, said):
    assert said in check(page, [HEADER, *answers])


BAD = {
    "nan": ([HEADER, f"14,nan{',.1' * 6}"], "mine.csv:2: angry: expected a finite number, received 'nan'; 1 such values."),
    "no rows": (["predicted", "1"], "mine.csv: expected the column row, received predicted."),
    "a row that is not there": (["row,predicted", "99,1"], "mine.csv:2: expected a row's number, 0 to 27, received 99."),
    "no csv": (["\x00\x01PNG\x1a"], "mine.csv: expected"),
    "empty": ([""], "mine.csv: expected a CSV, received something else"),
    "a column twice": (["row,Row,predicted", "14,14,1"], "mine.csv: expected each column once, received row more than once."),
}


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(("lines", "said"), BAD.values(), ids=BAD)
def test_a_bad_file_gets_one_clear_sentence(page, lines, said):
    check(page, lines)
    assert [error.value[: len(said)] for error in page.error] == [said]


def test_viewer_is_offered_no_upload(page):
    assert not page.get("file_uploader")
    assert "Only the owner of this app gives it files." in text_of(page)
