import numpy as np

from fer_core.files import replace_file
from fer_core.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint


def make_checkpoint(epoch: int) -> Checkpoint:
    arrays = [np.full((2, 3), epoch, np.float32), np.array(epoch)]
    return Checkpoint(
        epoch=epoch,
        terms={"epochs": 9},
        model=arrays,
        optimizer=arrays[:1],
        average=(),
        kept=arrays,
        kept_epoch=1,
        kept_accuracy=0.25,
        line={"epoch": epoch, "loss": 0.1 + epoch},
        confusion=np.eye(7, dtype=np.int64),
    )


def test_checkpoint_comes_back_as_it_was(tmp_path):
    save_checkpoint(tmp_path, make_checkpoint(3))
    loaded, passed = load_checkpoint(tmp_path)
    assert passed == []
    assert (loaded.epoch, loaded.kept_epoch, loaded.kept_accuracy) == (3, 1, 0.25)
    assert loaded.terms == {"epochs": 9}
    assert [value.tolist() for value in loaded.model] == [[[3.0] * 3] * 2, 3]
    assert len(loaded.optimizer) == 1
    assert len(loaded.average) == 0
    assert loaded.line == {"epoch": 3, "loss": 3.1}
    assert loaded.confusion.tolist() == np.eye(7).tolist()


def test_checkpoint_of_before_it_kept_its_line_still_loads(tmp_path):
    save_checkpoint(tmp_path, make_checkpoint(1))
    path = tmp_path / "epoch-00001.npz"
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files if name not in ("line", "confusion")}
    np.savez(path, **arrays)
    loaded, passed = load_checkpoint(tmp_path)
    assert (loaded.epoch, loaded.line, passed) == (1, {}, [])


def test_checkpoint_that_a_kill_left_half_written_goes(tmp_path):
    save_checkpoint(tmp_path, make_checkpoint(1))
    with replace_file(tmp_path / "epoch-00002.npz") as draft:
        draft.write_bytes(b"half")
        assert load_checkpoint(tmp_path)[0].epoch == 1
        assert sorted(path.name for path in tmp_path.iterdir()) == ["epoch-00001.npz"]
        draft.touch()


def test_checkpoints_older_than_two_epochs_go(tmp_path):
    for epoch in (1, 2, 3):
        save_checkpoint(tmp_path, make_checkpoint(epoch))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["epoch-00002.npz", "epoch-00003.npz"]


def test_damaged_checkpoint_gives_way_to_the_one_before(tmp_path):
    for epoch in (1, 2):
        save_checkpoint(tmp_path, make_checkpoint(epoch))
    damaged = tmp_path / "epoch-00002.npz"
    damaged.write_bytes(damaged.read_bytes()[:-200])
    loaded, passed = load_checkpoint(tmp_path)
    assert loaded.epoch == 1
    assert passed[0].startswith("epoch-00002.npz is damaged")


def test_no_checkpoint_is_none(tmp_path):
    assert load_checkpoint(tmp_path / "none") == (None, [])
