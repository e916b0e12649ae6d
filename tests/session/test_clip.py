"""The pictures of a recording: kept in a file without a name, and made into an MP4."""

import gc
import os
import shutil
import threading
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest

from fer_core.errors import MediaError
from fer_core.session import Clip, make_mp4
from fer_core.session import clip as clip_module
from fer_core.session import spool as spool_module
from fer_core.session.spool import Spool, pack
from fer_core.vision.planes import Planes
from tests.session.pictures import frames_of, keep, picture, wait


def test_pack_copies_planes_and_frames_alike():
    rng = np.random.default_rng(0)
    planes = Planes(*(rng.integers(16, 235, shape, dtype=np.uint8) for shape in ((48, 64), (24, 32), (24, 32))))
    packed = pack(planes)
    assert packed.shape == (72, 64)
    assert (packed[:48] == planes.y).all()
    assert (packed[48:60].reshape(24, 32) == planes.u).all()
    frame = av.VideoFrame.from_ndarray(packed, format="yuv420p")
    assert (pack(frame) == packed).all()
    frame.pts, frame.time_base = 7, Fraction(1, 90000)
    assert (frame.pts, frame.time_base) == (7, Fraction(1, 90000))


@pytest.mark.parametrize(
    ("size_wh", "kept_wh"), [((65, 49), (64, 48)), ((3840, 2160), (1280, 720)), ((719, 1281), (718, 1280)), ((2, 2), (2, 2))]
)
def test_pack_makes_sizes_even_and_small_enough(size_wh: tuple[int, int], kept_wh: tuple[int, int]):
    packed = pack(picture(100, size_wh=size_wh))
    assert packed.shape == (kept_wh[1] * 3 // 2, kept_wh[0])
    assert set(np.unique(packed)) == {90, 100, 160}


def test_no_picture_has_a_name_on_the_disk(home: Path):
    clip = keep(Clip(), (picture(100), 0.0))
    assert [path for path in home.rglob("*") if path.is_file()] == []
    assert make_mp4(clip)
    assert [path for path in home.rglob("*") if path.is_file()] == []


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are counted where the system lists them")
@pytest.mark.parametrize("way", ["discarded", "forgotten"])
def test_thread_and_file_end_with_the_clip(way: str, home: Path):
    before = set(threading.enumerate())
    clip = keep(Clip(), (picture(100), 0.0))
    (thread,) = {thread for thread in threading.enumerate() if thread.name == "fer-clip"} - before
    assert open_files(home) == 1
    if way == "discarded":
        clip.discard()
    else:
        del clip
        gc.collect()
    thread.join(30)
    assert not thread.is_alive()
    wait(lambda: open_files(home) == 0)


def open_files(folder: Path) -> int:
    """Count what this process has open below a folder, without a name too."""
    links = []
    for entry in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):
            links.append(os.readlink(f"/proc/self/fd/{entry}"))
    return sum(link.startswith(str(folder)) for link in links)


def test_nothing_is_kept_after_the_end():
    clip = keep(Clip(), (picture(100), 0.0))
    clip.finish()
    clip.put(picture(100), 0.1)
    assert len(clip.finished().kept) == 1


def test_video_never_waits_for_a_busy_machine(monkeypatch: pytest.MonkeyPatch):
    go_on, append = threading.Event(), Spool.append
    monkeypatch.setattr(Spool, "append", lambda *args: go_on.wait(10) and append(*args))
    clip = Clip()
    for number in range(20):
        clip.put(picture(100), number / 10)
    left_out = clip.progress().left_out
    assert left_out in (20 - clip_module.WAITING, 20 - clip_module.WAITING - 1)
    go_on.set()
    assert len(clip.finished().kept) == 20 - left_out


def test_pictures_are_kept_for_ten_minutes_pauses_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clip_module, "MOST_S", 3.0)
    clip = keep(Clip(), *[(picture(100), time_s) for time_s in (0.0, 0.5, 100.0, 100.5, 101.5, 102.5)])
    progress = clip.progress()
    assert (progress.frames, progress.seconds) == (5, 3.0)
    assert progress.note.startswith("The video is kept up to here: 0 minutes are the most there are; the numbers go on.")


def test_pictures_are_kept_up_to_a_size(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spool_module, "MOST_BYTES", 1)
    clip = keep(Clip(), (picture(100), 0.0), (picture(100), 0.1))
    assert clip.progress().frames == 1
    assert clip.progress().note == "The video is kept up to here: 0 MB are the most there are; the numbers go on."
    assert make_mp4(clip)


def test_disk_that_is_nearly_full_ends_the_video(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=1 << 29))
    clip = keep(Clip(), (picture(100), 0.0))
    assert clip.progress().note == "The video is kept up to here: this machine's disk is nearly full; the numbers go on."
    with pytest.raises(MediaError, match="nearly full"):
        make_mp4(clip)


def test_disk_that_is_full_ends_the_video_and_what_was_kept_stays(monkeypatch: pytest.MonkeyPatch):
    clip = keep(Clip(), (picture(100), 0.0), (picture(120), 0.1))

    def full(*args: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    clip.put(picture(100), 0.2)
    wait(lambda: clip.progress().note)
    assert clip.progress().note == (
        "The video is kept up to here: it could not be written (No space left on device); the numbers go on."
    )
    data = make_mp4(clip)
    assert data is not None
    assert len(frames_of(data)) == 2


def test_folder_that_cannot_be_written_ends_the_video(tmp_path: Path):
    (tmp_path / "file").write_text("")
    clip = keep(Clip(tmp_path / "file" / "below"), (picture(100), 0.0))
    assert "it could not be written (Not a directory)" in clip.progress().note
    with pytest.raises(MediaError, match="Not a directory"):
        make_mp4(clip)
