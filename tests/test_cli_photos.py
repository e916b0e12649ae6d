"""``fer-studio evaluate --detect`` on small folders of photographs."""

import json
import re
import subprocess
import sys

import cv2
import numpy as np
import pytest
from skimage import data

from fer_core import cli
from fer_core.evaluation import read_ledger
from tests.builders import make_csv

PORTRAIT = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
NOBODY = np.full((200, 300, 3), 128, np.uint8)


@pytest.fixture
def evaluate(monkeypatch, capsys):
    """Run ``evaluate seed --detect``; gives exit code, standard output and standard error."""

    monkeypatch.setenv("COLUMNS", "120")

    def call(data, *arguments):
        monkeypatch.setattr("sys.argv", ["fer-studio", "evaluate", "seed", "--detect", "--data", str(data), *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        captured = capsys.readouterr()
        return left.value.code or 0, captured.out, captured.err

    return call


def write(path, image):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image)


def make_album(folder, below=""):
    """The portrait, which the model calls happy, as happy (mirrored too) and as sad; nobody; a file that is no picture."""
    write(folder / below / "happy/a.png", PORTRAIT)
    write(folder / below / "happy/b.jpg", PORTRAIT[:, ::-1])
    write(folder / below / "sad/c.png", cv2.resize(PORTRAIT, (700, 700)))
    write(folder / below / "sad/d.png", NOBODY)
    (folder / below / "sad/e.png").write_bytes(b"no picture")
    return folder


def test_evaluate_detect_counts_a_missed_face_as_wrong(evaluate, tmp_path):
    code, out, _ = evaluate(make_album(tmp_path / "album"), "--json")
    document = json.loads(out)
    assert code == 0
    assert (document["split"], document["against"], document["head"], document["n"]) == ("all", "label", "label", 3)
    assert document["accuracy"] == pytest.approx(2 / 3)
    assert (document["confusion"][3][3], document["confusion"][4][3]) == (2, 1)
    assert document["per_class"]["happy"]["recall"] == 1
    detect = document["detect"]
    counts = {name: detect[name] for name in ("n_images", "found", "missed", "several", "unreadable", "left_out")}
    assert counts == {"n_images": 5, "found": 3, "missed": 1, "several": 0, "unreadable": 1, "left_out": 0}
    assert (detect["accuracy_found"], detect["accuracy_found_ci95"]) == (document["accuracy"], document["accuracy_ci95"])
    assert detect["accuracy_all"] == 0.5
    assert detect["accuracy_all_ci95"] == pytest.approx([0.150, 0.850], abs=1e-3)
    assert {emotion: n for emotion, n in detect["missed_by_emotion"].items() if n} == {"sad": 1}
    assert detect["missed_files"] == ["sad/d.png"]
    assert [file["path"] for file in detect["unreadable_files"]] == ["sad/e.png"]
    assert detect["unreadable_files"][0]["reason"].startswith("expected PNG, JPEG, WebP, BMP or GIF")
    assert read_ledger() == []


def test_evaluate_detect_prints_figures_and_names_the_files(evaluate, tmp_path):
    code, out, err = evaluate(make_album(tmp_path / "album"))
    assert code == 0
    assert out.startswith("seed (551,687 parameters) on 5 photos\n")
    assert "faces found in 3 (in 0 several: the largest counts), missed in 1, unreadable 1, left out 0" in out
    assert "accuracy on those found          0.6667" in out
    assert "accuracy on all, missed = wrong  0.5000" in out
    rows = [re.findall(r"[\w-]+", line) for line in out.split("confusion, rows true")[1].splitlines()]
    assert [row[-1] for row in rows if row[:1] == ["angry"]] == ["missed", "0"]
    assert [row for row in rows if row[:1] == ["sad"]][-1] == ["sad", "0", "0", "0", "1", "0", "0", "0", "1"]
    assert "no face found: sad/d.png" in err
    assert "unreadable: sad/e.png: expected PNG" in err


def test_evaluate_detect_enters_only_the_test_split_and_that_once(evaluate, tmp_path):
    album = make_album(make_album(tmp_path / "album", "test"), "validation")
    assert json.loads(evaluate(album, "--split", "validation", "--json")[1])["times_tested"] is None
    assert read_ledger() == []
    for _ in range(2):
        document = json.loads(evaluate(album, "--split", "test", "--json")[1])
    assert (document["split"], document["times_tested"]) == ("test", 1)
    assert [(line["n"], line["accuracy"]) for line in read_ledger()] == [(3, pytest.approx(2 / 3))]


def test_evaluate_detect_of_photos_without_a_face_has_no_accuracy_on_those_found(evaluate, tmp_path):
    write(tmp_path / "d/fear/a.png", NOBODY)
    document = json.loads(evaluate(tmp_path / "d", "--json")[1])
    detect = document["detect"]
    assert (document["n"], document["accuracy"], detect["accuracy_found"], detect["accuracy_all"]) == (0, None, None, 0)
    code, out, _ = evaluate(tmp_path / "d")
    assert code == 0
    assert "on those found" not in out
    assert "accuracy on all, missed = wrong  0.0000" in out


def test_evaluate_detect_refuses_what_is_no_folder_of_photos(evaluate, tmp_path):
    code, out, err = evaluate(make_csv(tmp_path / "a.csv"), "--split", "validation")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "Leave --detect out if its images are 48 x 48 pixels: they are faces already." in err
    write(tmp_path / "d/hapy/a.png", NOBODY)
    write(tmp_path / "d/sad/a.png", NOBODY)
    code, out, err = evaluate(tmp_path / "d")
    assert (code, out) == (1, "")
    assert "received the folder 'hapy' (the nearest name is 'happy')" in err
    document = json.loads(evaluate(tmp_path / "d", "--skip-bad-rows", "--json")[1])
    assert (document["detect"]["n_images"], document["detect"]["left_out"]) == (1, 1)


@pytest.mark.parametrize("arguments", [["--against", "crowd"], ["--split", "all"]])
def test_evaluate_detect_of_votes_or_of_no_split_is_wrong_usage(evaluate, tmp_path, arguments):
    assert evaluate(tmp_path, *arguments)[0] == 2


def test_evaluate_detect_loads_nothing_that_trains(tmp_path, home):
    write(tmp_path / "d/happy/a.png", PORTRAIT)
    script = (
        "import sys; from fer_core import cli\n"
        "try: cli.main()\n"
        "finally: print(sorted({name.partition('.')[0] for name in sys.modules} & {'tensorflow', 'keras', 'mlflow', 'torch'}))"
    )
    arguments = ["evaluate", "seed", "--detect", "--data", str(tmp_path / "d"), "--json"]
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("}\n[]\n")
