"""The pictures of a recording: kept in a file without a name, and made into an MP4."""

import gc
import io
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


def picture(shade: int, *, size_wh: tuple[int, int] = (64, 48)) -> Planes:
    """One shade all over."""
    width, height = size_wh
    half = ((height + 1) // 2, (width + 1) // 2)
    return Planes(np.full((height, width), shade, np.uint8), np.full(half, 90, np.uint8), np.full(half, 160, np.uint8))


def keep(clip: Clip, *pictures: tuple[Planes | av.VideoFrame, float]) -> Clip:
    """Hand over one after the other, each once the last one is kept."""
    for number, (given, time_s) in enumerate(pictures):
        clip.put(given, time_s)
        wait(lambda number=number: clip.progress().frames > number or clip.progress().note)
    return clip


def wait(condition) -> None:
    for _ in range(200_000):
        if condition():
            return
        os.sched_yield()
    raise AssertionError("it did not come about")


def frames_of(data: bytes) -> list[av.VideoFrame]:
    with av.open(io.BytesIO(data)) as file:
        return list(file.decode(video=0))


def times_ms(frames: list[av.VideoFrame]) -> list[int]:
    return [round(frame.pts * frame.time_base * 1000) for frame in frames]


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


def test_mp4_shows_every_frame_at_its_own_time():
    times = [0.04, 0.1, 0.133, 0.5, 0.533, 60.0, 60.05]
    clip = keep(Clip(), *[(picture(40 + 25 * k), time_s) for k, time_s in enumerate(times)])
    shares: list[float] = []
    data = make_mp4(clip, progress=shares.append)
    assert data is not None
    frames = frames_of(data)
    assert times_ms(frames) == [0, 100, 133, 500, 533, 60000, 60050]
    shades = [int(np.median(frame.to_ndarray()[:48])) for frame in frames]
    assert shades == pytest.approx([40 + 25 * k for k in range(7)], abs=4)
    assert shares == [0.0, 1.0]


def test_mp4_is_what_browsers_play_from_the_first_bytes_on():
    data = make_mp4(keep(Clip(), *[(picture(100), k / 10) for k in range(9)]))
    assert data is not None
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(io.BytesIO(data)) as file:
        stream = file.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert file.duration == pytest.approx(800_000, abs=150_000)
    again = make_mp4(keep(Clip(), (picture(100), 0.0)))
    assert again is not None
    assert len(frames_of(again)) == 1


def test_mp4_of_pictures_asked_for_later_begins_with_the_first():
    clip = keep(Clip(), (picture(50), 300.0), (picture(90), 300.1))
    assert clip.progress().first_s == 300.0
    data = make_mp4(clip)
    assert data is not None
    assert times_ms(frames_of(data)) == [0, 100]


def test_mp4_has_the_size_of_most_frames_and_fits_others_into_it():
    upright = [(picture(200, size_wh=(48, 64)), k / 10) for k in range(2)]
    wide = [(picture(120, size_wh=(65, 49)), 1 + k / 10) for k in range(3)]
    data = make_mp4(keep(Clip(), *upright, *wide))
    assert data is not None
    frames = frames_of(data)
    assert [(frame.width, frame.height) for frame in frames] == [(64, 48)] * 5
    luma = frames[0].to_ndarray()[:48]
    assert int(np.median(luma[:, :8])) == pytest.approx(16, abs=4)
    assert int(np.median(luma[:, 24:40])) == pytest.approx(200, abs=4)
    assert int(np.median(frames[4].to_ndarray()[:48])) == pytest.approx(120, abs=4)


def test_mp4_of_video_frames_leaves_them_as_they_are():
    frames = [av.VideoFrame.from_ndarray(pack(picture(60 + k)), format="yuv420p") for k in range(3)]
    for number, frame in enumerate(frames):
        frame.pts, frame.time_base = 3000 * number, Fraction(1, 90000)
    data = make_mp4(keep(Clip(), *[(frame, k / 10) for k, frame in enumerate(frames)]))
    assert data is not None
    assert len(frames_of(data)) == 3
    assert [(frame.pts, frame.time_base) for frame in frames] == [(3000 * k, Fraction(1, 90000)) for k in range(3)]


def test_mp4_can_be_stopped_and_made_again():
    clip = keep(Clip(), *[(picture(100), k / 10) for k in range(60)])
    asked: list[bool] = []
    assert make_mp4(clip, stop=lambda: asked.append(True) or len(asked) > 1) is None
    data = make_mp4(clip)
    assert data is not None
    assert len(frames_of(data)) == 60


@pytest.mark.parametrize("discarded", [False, True])
def test_mp4_without_pictures_says_so(discarded: bool):
    clip = Clip()
    if discarded:
        keep(clip, (picture(100), 0.0)).discard()
    with pytest.raises(MediaError, match="expected a picture or more, received none"):
        make_mp4(clip)


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


def test_disk_that_is_full_while_the_mp4_is_made_is_a_media_error(home: Path):
    clip = keep(Clip(home / "elsewhere"), (picture(100), 0.0))
    (home / "clips").write_text("")
    with pytest.raises(MediaError, match=r"The video could not be made \(File exists\)\. Free some"):
        make_mp4(clip)
