"""What is sent of a run to a store, and when: each value once, whatever comes between."""

import pytest

from fer_core.files import write_json
from fer_core.training.copier import LINES_A_CALL, MIRROR_FILE, Copier, flatten, read_note
from tests.training.fakes import FakeStore, KilledError, RefusedError, add_lines, change_run, make_run, points_of

URI = "http://store"


def test_copier_sends_each_line_once():
    store, run = FakeStore(), make_run(epochs=2)
    copier = Copier(store, URI)
    copier.send(run)
    assert store.points_of(run) == points_of([1, 2])
    calls = len(store.calls)
    copier.send(run)
    assert len(store.calls) == calls
    copier.send(add_lines(run, [3]))
    assert store.points_of(run) == points_of([1, 2, 3])
    assert store.calls[calls:] == ["send", "send", "set_status"]


def test_copier_sends_a_long_history_in_parts():
    store, run = FakeStore(), make_run(epochs=2 * LINES_A_CALL + 1, state="done")
    Copier(store, URI).send(run)
    assert store.points_of(run) == points_of(range(1, 2 * LINES_A_CALL + 2))
    assert read_note(run.path, URI).epoch == 2 * LINES_A_CALL + 1


def test_copier_says_what_the_run_is():
    store = FakeStore()
    run = make_run(epochs=1, state="failed", message="x" * 9000, data_name="small.csv", data_digest="abc")
    Copier(store, URI).send(run)
    assert store.tags[run.id] == {
        "data": "small.csv",
        "data_digest": "abc",
        "recipe": "seed",
        "state": "failed",
        "message": "x" * 5000,
    }
    params = store.copies[run.id].params
    assert (params["network"], params["epochs"], params["augment"]) == ("seed", "9", "none")


def test_flatten_gives_text_and_names_what_is_nested():
    settings = {"rate": 0.1, "augment": ("flip", "erase"), "targets": {"crowd": {"weight": 2}}}
    assert dict(flatten(settings)) == {"rate": "0.1", "augment": "flip, erase", "targets.crowd.weight": "2"}


def test_copier_sends_nothing_of_a_run_without_a_whole_epoch():
    store, run = FakeStore(), make_run(state="failed")
    Copier(store, URI).send(run)
    assert store.calls == []
    assert not (run.path / MIRROR_FILE).exists()


@pytest.mark.parametrize(
    ("state", "status"),
    [("done", "FINISHED"), ("failed", "FAILED"), ("stopped", "KILLED"), ("interrupted", "KILLED"), ("running", "KILLED")],
)
def test_copier_gives_the_status_of_a_run_that_nobody_works_on(state, status):
    store, run = FakeStore(), make_run(epochs=1, state=state)
    Copier(store, URI).send(run)
    assert store.statuses[run.id] == [status]


def test_copier_follows_a_run_that_is_resumed(lock_run):
    store, run = FakeStore(), make_run(epochs=1, state="stopped")
    Copier(store, URI).send(run)
    lock_run(run)
    again = Copier(store, URI)
    again.send(change_run(add_lines(run, [2]), state="running"))
    again.send(change_run(add_lines(run, [3]), state="running"))
    again.send(change_run(run, state="done"))
    assert store.statuses[run.id] == ["KILLED", "RUNNING", "FINISHED"]
    assert store.points_of(run) == points_of([1, 2, 3])


@pytest.mark.parametrize("call", range(1, 8))
def test_kill_after_any_call_duplicates_nothing(call):
    store, run = FakeStore(kill_after=call), make_run(epochs=2, state="done")
    with pytest.raises(KilledError):
        Copier(store, URI).send(run)
    Copier(store, URI).send(add_lines(run, [3]))
    assert store.points_of(run) == points_of([1, 2, 3])
    assert store.calls.count("create") == 1
    assert store.statuses[run.id][-1] == "FINISHED"


def test_copier_completes_a_line_that_a_store_has_in_part():
    store, run = FakeStore(kill_after=5), make_run(epochs=2)
    with pytest.raises(KilledError):
        Copier(store, URI).send(run)
    store.points_sent = store.points_sent[:-3]
    Copier(store, URI).send(run)
    assert store.points_of(run) == points_of([1, 2])


def test_copier_starts_from_zero_at_another_store():
    old, new, run = FakeStore(), FakeStore(), make_run(epochs=2)
    Copier(old, URI).send(run)
    Copier(new, "http://other").send(run)
    assert new.points_of(run) == points_of([1, 2])
    assert read_note(run.path, "http://other").epoch == 2
    assert read_note(run.path, URI).epoch == 0


def test_copier_starts_from_zero_where_the_store_has_lost_the_run():
    old, run = FakeStore(), make_run(epochs=2)
    Copier(old, URI).send(run)
    restored = FakeStore()
    Copier(restored, URI).send(add_lines(run, [3]))
    assert restored.points_of(run) == points_of([1, 2, 3])


def test_copier_leaves_a_run_alone_that_was_deleted_in_the_store():
    store, run = FakeStore(), make_run(epochs=1)
    copy = store.create(run)
    store.copies[run.id] = type(copy)(copy.id, {}, deleted=True)
    Copier(store, URI).send(run)
    assert store.points_sent == []
    calls = len(store.calls)
    Copier(store, URI).send(run)
    assert len(store.calls) == calls


def test_copier_does_not_note_what_was_refused():
    run = make_run(epochs=1)
    store = FakeStore(refuses=(run.id,))
    with pytest.raises(RefusedError):
        Copier(store, URI).send(run)
    assert not (run.path / MIRROR_FILE).exists()


@pytest.mark.parametrize("content", [{}, {"tracking_uri": URI, "epoch": 1, "more": 2}, {"tracking_uri": None}])
def test_note_of_another_version_is_read_as_far_as_it_goes(content):
    run = make_run(epochs=2)
    write_json(run.path / MIRROR_FILE, content)
    store = FakeStore()
    Copier(store, URI).send(run)
    assert store.points_of(run) == points_of([1, 2])
