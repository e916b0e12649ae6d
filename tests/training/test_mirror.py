"""The mirror's thread: it keeps up with the run, outlives a store that is away, and never holds anybody up."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from fer_core.runs import Run
from fer_core.runs.folder import runs_dir
from fer_core.runs.lock import take_lock
from fer_core.training import mirror as mirror_module
from fer_core.training.copier import Copier, read_note
from fer_core.training.mirror import Mirror
from fer_core.training.store import ENVIRONMENT, Store, prepare_environment, tracking_uri, without_secrets
from tests.training.fakes import FakeStore, add_lines, change_run, make_run, points_of
from tests.training.waiting import wait_for


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mirroring is on, and waits are short."""
    monkeypatch.setenv("FER_MLFLOW", "1")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    for name in ENVIRONMENT:
        monkeypatch.setenv(name, "set by the test")
    for name in ("POLL_S", "FIRST_WAIT_S", "LONGEST_WAIT_S"):
        monkeypatch.setattr(mirror_module, name, 0.005)


class Said(list[str]):
    """What went to the log."""

    def about(self, word: str) -> list[str]:
        return [line for line in self if word in line]


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def begin(said: Said) -> Iterator[Callable[..., Mirror]]:
    """Start a mirror of a run; it ends with the test."""
    mirrors = []

    def start(run: Run, store: Store | None = None, opener: Callable[[], Store] | None = None) -> Mirror:
        mirror = Mirror(run.path, said.append, opener or (lambda: store))
        mirrors.append(mirror)
        mirror.start()
        return mirror

    yield start
    for mirror in mirrors:
        mirror.close()


def test_mirror_keeps_up_with_the_run(begin, lock_run, said):
    store, run = FakeStore(), make_run(state="running")
    lock_run(run)
    mirror = begin(run, store)
    for epoch in (1, 2, 3):
        add_lines(run, [epoch])
        wait_for(lambda epoch=epoch: store.points_of(run) == points_of(range(1, epoch + 1)))
    change_run(run, state="done")
    mirror.close()
    assert store.statuses[run.id][-1] == "FINISHED"
    assert said == []


def test_mirror_opens_no_store_before_the_first_epoch_of_its_process(begin, lock_run):
    opened = threading.Event()

    def opener() -> Store:
        opened.set()
        return FakeStore()

    run = make_run(epochs=2, state="running")
    lock_run(run)
    begin(run, opener=opener)
    change_run(run, message="reading")
    assert not opened.wait(0.1)
    add_lines(run, [3])
    wait_for(opened.is_set)


def test_store_that_is_away_is_said_once_and_so_is_its_return(begin, lock_run, said):
    store, run = FakeStore(away=True), make_run(state="running")
    lock_run(run)
    tries = []

    def opener() -> Store:
        tries.append(1)
        return store

    begin(run, opener=opener)
    add_lines(run, [1, 2])
    wait_for(lambda: len(tries) > 3)
    add_lines(run, [3])
    store.away = False
    wait_for(lambda: store.points_of(run) == points_of([1, 2, 3]))
    wait_for(lambda: said.about("is back"))
    assert len(said) == 2
    assert "is away (nobody answers at http://host)" in said[0]


def test_answer_that_was_lost_duplicates_nothing(begin, lock_run, said):
    store, run = FakeStore(), make_run(state="running")
    lock_run(run)
    begin(run, store)
    add_lines(run, [1])
    wait_for(lambda: store.points_of(run) == points_of([1]))
    send, lost = store.send, []

    def lose(*arguments: object) -> None:
        send(*arguments)
        if not lost:
            lost.append(1)
            raise TimeoutError("no answer within 5 s")

    store.send = lose
    add_lines(run, [2])
    wait_for(lambda: said.about("is back"))
    assert store.points_of(run) == points_of([1, 2])


def test_mirror_catches_up_other_runs_that_nobody_works_on(begin, lock_run, said):
    store = FakeStore()
    sent, behind, missing, held, empty, refused = (
        make_run(epochs=1, state="done"),
        make_run(epochs=2, state="done"),
        make_run(epochs=1),
        make_run(epochs=1, state="running"),
        make_run(),
        make_run(epochs=1),
    )
    store.refuses = (refused.id,)
    copier = Copier(store, tracking_uri())
    copier.send(sent)
    copier.send(behind)
    add_lines(behind, [3])
    calls = len(store.calls)
    lock_run(held)
    run = make_run(epochs=1, state="done")
    begin(run, store).close()
    assert store.points_of(run) == points_of([1])
    assert store.points_of(behind) == points_of([1, 2, 3])
    assert store.points_of(missing) == points_of([1])
    assert store.statuses[missing.id] == ["KILLED"]
    assert store.calls[calls:].count("find") == 4
    assert [copy.id for copy in store.copies.values() if held.id in copy.id or empty.id in copy.id] == []
    assert said == [f"MLflow does not take {refused.id}: that name"]


def test_store_that_never_heard_of_the_runs_gets_all_of_them(begin):
    old, new = FakeStore(), FakeStore(is_new=True)
    run, other = make_run(epochs=1, state="done"), make_run(epochs=2, state="done")
    Copier(old, tracking_uri()).send(other)
    begin(run, new).close()
    assert new.points_of(other) == points_of([1, 2])


def test_one_mirror_works_at_a_time(begin, lock_run):
    store, run = FakeStore(), make_run(state="running")
    lock_run(run)
    turn = take_lock(runs_dir() / ".mirror")
    mirror = begin(run, store)
    add_lines(run, [1])
    mirror.close()
    assert store.calls == []
    os.close(turn)
    begin(run, store).close()
    assert store.points_of(run) == points_of([1])


@pytest.mark.parametrize("error", [ImportError("no mlflow"), OSError(), RuntimeError("a\nb"), MemoryError()])
def test_mirror_that_cannot_work_says_so_and_lets_go(begin, said, error):
    def opener() -> Store:
        raise error

    begin(make_run(epochs=1, state="done"), opener=opener).close()
    assert len(said.about("is away")) == 1
    assert said[-1] == "MLflow has not got all of this run; the next training sends the rest"


def test_close_does_not_wait_for_a_store_that_hangs(begin, said, monkeypatch):
    monkeypatch.setattr(mirror_module, "FLUSH_S", 0.05)
    release = threading.Event()

    def opener() -> Store:
        release.wait(60)
        raise ConnectionError("hung")

    mirror = begin(make_run(epochs=1, state="done"), opener=opener)
    asked = time.monotonic()
    mirror.close()
    assert time.monotonic() - asked < 5
    assert said == ["MLflow has not got all of this run; the next training sends the rest"]
    release.set()


def test_mirror_brings_no_deleted_folder_back(begin, lock_run, said):
    store, run = FakeStore(), make_run(state="running")
    lock_run(run)
    mirror = begin(run, store)
    add_lines(run, [1])
    wait_for(lambda: read_note(run.path, tracking_uri()).state == "running")
    shutil.rmtree(run.path)
    mirror.close()
    assert not run.path.exists()


def test_mirror_is_off_where_the_setting_says_so(begin, monkeypatch, said):
    monkeypatch.setenv("FER_MLFLOW", "0")
    store = FakeStore()
    begin(make_run(epochs=1, state="done"), store).close()
    assert (store.calls, said) == ([], [])


def test_nothing_is_said_of_a_run_without_an_epoch(begin, said):
    store = FakeStore()
    begin(make_run(state="failed"), store).close()
    assert (store.calls, said) == ([], [])


def test_environment_keeps_what_the_user_set(monkeypatch):
    monkeypatch.delenv("MLFLOW_DISABLE_TELEMETRY")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "60")
    prepare_environment()
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] == "60"


def test_addresses_are_noted_without_passwords():
    text = "postgresql://name:sec@ret@host:5432/runs and https://token@host, sqlite:////home/a@b/mlflow.db"
    assert without_secrets(text) == "postgresql://host:5432/runs and https://host, sqlite:////home/a@b/mlflow.db"


def test_tracking_uri_is_the_users_or_a_file_below_home(home, monkeypatch):
    assert tracking_uri() == f"sqlite:///{home / 'mlflow.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000")
    assert tracking_uri() == "http://127.0.0.1:5000"
