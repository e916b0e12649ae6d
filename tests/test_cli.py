import json
import re

import pytest

from fer_core import cli
from fer_core.dataset import load_dataset
from fer_core.errors import ModelError
from fer_core.evaluation import read_ledger
from tests.builders import make_csv, make_votes


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line in this process; gives exit code, standard output and standard error."""

    def call(*arguments):
        monkeypatch.setattr("sys.argv", ["fer-studio", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        captured = capsys.readouterr()
        return left.value.code or 0, captured.out, captured.err

    return call


def test_data_summary_counts_splits_and_emotions(run, tmp_path):
    code, out, _ = run("data", "summary", "--json", "--data", make_csv(tmp_path / "a.csv", train=14, validation=7, test=8))
    summary = json.loads(out)
    assert code == 0
    assert summary["n"] == 29
    assert {name: split["n"] for name, split in summary["splits"].items()} == {"train": 14, "validation": 7, "test": 8}
    assert summary["splits"]["test"]["counts"]["angry"] == 2
    assert summary["skipped"] == 0


def test_data_summary_names_the_bad_line_and_leaves_it_out_when_asked(run, tmp_path):
    path = make_csv(tmp_path / "a.csv")
    path.write_text(path.read_text().replace("0,", "9,", 1))
    code, out, err = run("data", "summary", "--json", "--data", path)
    assert (code, out) == (1, "")
    assert err.startswith(f"error: {path}:2: ")
    code, out, _ = run("data", "summary", "--json", "--data", path, "--skip-bad-rows")
    assert json.loads(out)["skipped"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["train"],
        ["evaluate", "seed"],
        ["evaluate", "seed", "--split", "all"],
        ["scorecard"],
        ["scorecard", "seed", "--split", "all"],
        ["check", "seed", "--claimed-split", "all"],
        ["check", "seed", "--claimed-accuracy", "98"],
        ["train", "--recipe", "seed", "--set", "x"],
    ],
)
def test_wrong_usage_exits_with_2(run, arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "Error" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["runs", "show", "none"],
        ["train", "--recipe", "sed"],
        ["evaluate", "none", "--split", "test"],
        ["scorecard", "none"],
        ["models", "serve", "none"],
        ["data", "summary", "--data", "none.csv"],
    ],
)
def test_what_is_not_there_exits_with_1_and_one_line(run, arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert err.startswith("error: expected") or "expected" in err
    assert err.count("\n") == 1


def test_runs_list_of_none_is_an_empty_list(run):
    assert run("runs", "list", "--json")[:2] == (0, "[]\n")


def test_check_names_a_fault_and_exits_with_1_only_where_asked(run, tmp_path):
    data = make_csv(tmp_path / "a.csv", train=14, validation=7, test=7)
    predictions = tmp_path / "p.csv"
    predictions.write_text("row,predicted\n" + "".join(f"{row},{row % 7}\n" for row in range(14)))
    code, out, _ = run("check", predictions, "--data", data, "--claimed-accuracy", 1, "--json")
    document = json.loads(out)
    assert (code, document["claimed_split"], document["claimed_accuracy"]) == (0, "test", 1)
    found = {finding["check"]: finding for finding in document["findings"]}
    assert (found["split"]["ok"], found["split"]["figures"]["rows"]) == (False, {"train": 14, "validation": 0, "test": 0})
    assert found["interval"]["ok"] is True
    code, out, _ = run("check", predictions, "--data", data, "--strict")
    assert code == 1
    assert "FAULT split        Claimed for test, but of 14 rows 14 of train" in out


def test_predict_goes_on_after_a_picture_that_cannot_be_read(run, tmp_path, monkeypatch):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    good = tmp_path / "gray.png"
    _write_gray(good)
    code, out, err = run("predict", bad, good, "--json")
    assert code == 1
    assert [(result["path"], result["width"], result["faces"]) for result in json.loads(out)] == [(str(good), 64, [])]
    assert "bad.png" in err


def test_models_list_says_which_serves(run):
    code, out, _ = run("models", "list", "--json")
    models = {model["name"]: model for model in json.loads(out)}
    assert code == 0
    assert models["seed"]["parameters"] == 551687
    assert [name for name, model in models.items() if model["serving"]] == ["studio"]


def test_error_of_the_world_shows_no_traceback(run, monkeypatch):
    def fail(name):
        raise ModelError("expected this, received that. Do so.")

    monkeypatch.setattr("fer_core.model.serve", fail)
    assert run("models", "serve", "x") == (1, "", "error: expected this, received that. Do so.\n")


def _write_gray(path):
    import cv2
    import numpy as np

    cv2.imwrite(str(path), np.full((48, 64, 3), 128, np.uint8))


SCORECARD = ("scorecard", "seed", "--split", "validation", "--data")


def test_scorecard_prints_markdown_or_json_and_writes_files(run, tmp_path):
    data = make_csv(tmp_path / "a.csv", train=7, validation=7, test=0)
    code, out, _ = run(*SCORECARD, data)
    assert code == 0
    assert out.startswith("# Score card: seed on a, validation\n")
    png, markdown = tmp_path / "new" / "card.png", tmp_path / "card.md"
    code, printed, err = run(*SCORECARD, data, "--png", png, "--markdown", markdown)
    assert (code, printed) == (0, "")
    assert (markdown.read_text(), png.read_bytes()[:4]) == (out, b"\x89PNG")
    assert f"wrote {png}" in err
    code, out, _ = run(*SCORECARD, data, "--json")
    document = json.loads(out)
    assert (code, document["split"], document["n"], document["lines"][0]["n"]) == (0, "validation", 7, 7)


@pytest.mark.parametrize("option", ["--png", "--markdown"])
@pytest.mark.parametrize(("below", "said"), [("a.csv/card", "Not a directory|File exists"), (".", "it is a folder")])
def test_scorecard_that_cannot_be_written_says_so_before_the_model_is_shown_test(run, tmp_path, option, below, said):
    data = make_csv(tmp_path / "a.csv", train=0, validation=0, test=7)
    code, out, err = run("scorecard", "seed", "--data", data, option, tmp_path / below)
    assert (code, out) == (1, "")
    assert re.search(f"error: .*: expected a file that can be written, received: ({said}). Name another.\n", err)
    assert read_ledger() == []


def test_scorecard_of_one_image_and_of_a_split_that_is_not_there(run, tmp_path):
    data = make_csv(tmp_path / "a.csv", train=0, validation=1, test=0)
    code, out, _ = run(*SCORECARD, data, "--png", tmp_path / "card.png")
    assert (code, (tmp_path / "card.png").exists()) == (0, True)
    code, out, err = run("scorecard", "seed", "--data", data)
    assert (code, out) == (1, "")
    assert err.startswith("error: a: expected one of the splits validation, received 'test'.")


def test_scorecard_goes_on_without_votes_of_another_dataset_unless_they_were_named(run, tmp_path, monkeypatch):
    data = make_csv(tmp_path / "a.csv", train=7, validation=7, test=0)
    votes = make_votes(tmp_path / "votes.csv", load_dataset(make_csv(tmp_path / "b.csv", train=1, validation=1, test=1)))
    monkeypatch.setenv("FERPLUS_CSV", str(votes))
    code, out, err = run(*SCORECARD, data)
    assert code == 0
    assert "Not given: accuracy, against the crowd, because there are no FER+ votes on this dataset." in out
    assert "without votes" in err
    code, out, err = run(*SCORECARD, data, "--votes", votes)
    assert (code, out) == (1, "")
    assert "expected votes on 14 rows" in err
