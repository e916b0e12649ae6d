import numpy as np

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
