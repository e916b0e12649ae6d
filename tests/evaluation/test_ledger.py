"""The test ledger counts each pair of model and data once, whoever writes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest

from fer_core.errors import FerError
from fer_core.evaluation import LedgerLine, enter_test_evaluation, ledger_path, read_ledger, times_tested
from tests.builders import make_model


def make_line(model="m1", *, data="d1", split="s1", recipe="seed"):
    return LedgerLine(
        model_digest=model,
        data_digest=data,
        split_digest=split,
        recipe=recipe,
        model="tiny",
        run_id="run-1",
        n=4,
        accuracy=0.5,
        when="2026-01-01T00:00:00+00:00",
    )


@pytest.fixture(autouse=True)
def no_shipped_models(tmp_path, monkeypatch):
    monkeypatch.setattr("fer_core.model.folders.shipped_dir", lambda: tmp_path / "shipped")


def test_ledger_takes_each_pair_of_model_and_data_once():
    entered = [enter_test_evaluation(make_line(*pair)) for pair in (["m1"], ["m1"], ["m2"])]
    entered.append(enter_test_evaluation(make_line("m1", data="d2")))
    assert entered == [True, False, True, True]
    assert [line["model_digest"] for line in read_ledger()] == ["m1", "m2", "m1"]
    assert read_ledger()[0] == asdict(make_line())


def test_ledger_takes_one_line_from_many_writers_at_once():
    lines = [make_line(f"m{k % 3}") for k in range(60)]
    with ThreadPoolExecutor(12) as pool:
        entered = list(pool.map(enter_test_evaluation, lines))
    assert sum(entered) == 3
    assert sorted(line["model_digest"] for line in read_ledger()) == ["m0", "m1", "m2"]


def test_ledger_goes_on_after_a_line_that_a_kill_cut_short():
    enter_test_evaluation(make_line("m1"))
    with ledger_path().open("ab") as file:
        file.write(b'{"model_digest": "m2", "data_di')
    enter_test_evaluation(make_line("m3"))
    assert [line["model_digest"] for line in read_ledger()] == ["m1", "m3"]


def test_ledger_that_cannot_be_written_says_so(home):
    home.write_text("a file where the folder should be")
    with pytest.raises(FerError, match="FER_HOME"):
        enter_test_evaluation(make_line())


def test_times_tested_counts_different_models_of_the_recipe_on_the_split():
    for line in (
        make_line("m1"),
        make_line("m1", data="d2"),
        make_line("m2"),
        make_line("m3", recipe="compact"),
        make_line("m4", split="s2"),
    ):
        enter_test_evaluation(line)
    assert times_tested("seed", "s1") == 2
    assert times_tested("compact", "s1") == 1
    assert times_tested("seed", "other") == 0


def test_times_tested_adds_what_shipped_and_given_models_know(tmp_path):
    make_model(tmp_path / "shipped" / "seed", test_evaluations=[asdict(make_line("m1")), asdict(make_line("m8"))])
    elsewhere = make_model(tmp_path / "elsewhere", test_evaluations=[asdict(make_line("m9"))])
    enter_test_evaluation(make_line("m1"))
    assert times_tested("seed", "s1") == 2
    assert times_tested("seed", "s1", [elsewhere]) == 3
