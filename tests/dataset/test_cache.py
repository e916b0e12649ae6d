"""The cache: fast, never half, never stale, bounded."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from fer_core.dataset import Dataset, csv_file, load_dataset
from fer_core.dataset import cache as cache_module
from fer_core.dataset.cache import KEPT, Cache
from tests.builders import make_dataset, make_split
from tests.dataset.files import line, write_csv, write_faces_csv, write_faces_folders, write_picture


def entries(home: Path) -> list[Path]:
    return sorted((home / "cache" / "datasets").iterdir())


def same(a: Dataset, b: Dataset) -> bool:
    return a.digest == b.digest and all(
        np.array_equal(a.splits[name].images, b.splits[name].images)
        and np.array_equal(a.splits[name].rows, b.splits[name].rows)
        for name in a.splits | b.splits
    )


@pytest.fixture
def no_reading(monkeypatch: pytest.MonkeyPatch):
    def forbid() -> None:
        def fail(*args: object) -> None:
            raise AssertionError("the file was read again")

        monkeypatch.setattr(csv_file, "read_block", fail)

    return forbid


def test_load_dataset_memory_maps_what_it_read_before(tmp_path: Path, no_reading) -> None:
    path = write_faces_csv(tmp_path / "a.csv")
    first = load_dataset(path)
    no_reading()
    second = load_dataset(path)
    assert same(first, second)
    for dataset in (first, second):
        for split in dataset.splits.values():
            assert isinstance(split.images, np.memmap)
            assert not any(array.flags.writeable for array in (split.images, split.labels, split.rows))


def test_load_dataset_reads_again_when_the_file_was_written(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [line(0)])
    assert load_dataset(path).label(0) == 0
    status = path.stat()
    write_csv(path, [line(6)])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert load_dataset(path).label(0) == 6


def test_load_dataset_reads_again_when_another_file_took_the_name(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [line(0)])
    load_dataset(path)
    status = path.stat()
    other = write_csv(tmp_path / "b.csv", [line(6)])
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    os.replace(other, path)
    assert load_dataset(path).label(0) == 6


def test_load_dataset_reads_folders_again_when_a_picture_changed(tmp_path: Path) -> None:
    folder = write_faces_folders(tmp_path / "d")
    before = load_dataset(folder)
    write_picture(folder / "train" / "sad" / "new.png", 3)
    after = load_dataset(folder)
    assert (before.n, after.n) == (9, 10)
    write_picture(folder / "train" / "sad" / "new.png", 4)
    assert load_dataset(folder).digest != after.digest


@pytest.mark.parametrize("file", ["dataset.json", "train-images.npy", "test-labels.npy", "validation-rows.npy"])
@pytest.mark.parametrize("harm", ["missing", "empty", "cut"])
def test_load_dataset_never_reads_a_damaged_cache(tmp_path: Path, home: Path, file: str, harm: str) -> None:
    path = write_faces_csv(tmp_path / "a.csv")
    whole = load_dataset(path)
    damaged = entries(home)[0] / file
    content = damaged.read_bytes()
    damaged.unlink()
    if harm != "missing":
        damaged.write_bytes(b"" if harm == "empty" else content[: len(content) * 2 // 3])
    assert same(load_dataset(path), whole)
    assert len(entries(home)) == 1


def test_load_dataset_never_reads_what_a_kill_left_half_written(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_faces_csv(tmp_path / "a.csv")

    class Kill(BaseException):
        pass

    def die(*args: object) -> None:
        raise Kill

    monkeypatch.setattr(cache_module.os, "rename", die)
    monkeypatch.setattr(cache_module.shutil, "rmtree", lambda *args, **options: None)
    with pytest.raises(Kill):
        load_dataset(path)
    assert [entry.name[:9] for entry in entries(home)] == [".writing-"]
    monkeypatch.undo()
    monkeypatch.setenv("FER_HOME", str(home))
    assert load_dataset(path).n == 9
    old = time.time() - 2 * 3600
    os.utime(entries(home)[0], (old, old))
    load_dataset(write_csv(tmp_path / "b.csv", [line()]))
    assert not [entry for entry in entries(home) if entry.name.startswith(".writing-")]


def test_cache_keeps_the_few_that_were_used_last(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "c")
    for number in range(KEPT + 2):
        if number > 1:
            assert cache.load("0", "s") is not None
        cache.store(str(number), make_dataset(make_split(seed=number)))
        for age, entry in enumerate(sorted(cache.folder.iterdir(), key=lambda entry: -entry.stat().st_mtime)):
            os.utime(entry, (time.time() - 10 * (age + 1),) * 2)
    assert [number for number in range(KEPT + 2) if cache.load(str(number), "s")] == [0, *range(3, KEPT + 2)]


def test_load_dataset_goes_on_where_nothing_can_be_cached(tmp_path: Path, home: Path) -> None:
    home.mkdir()
    (home / "cache").write_text("a file where a folder should be")
    dataset = load_dataset(write_faces_csv(tmp_path / "a.csv"))
    assert dataset.n == 9
    assert dataset.notes[0].startswith("It could not be cached (")
