"""The pictures of a recording as an MP4."""

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from fer_core.errors import MediaError
from fer_core.session import Clip, make_mp4
from fer_core.session.spool import pack
from tests.session.pictures import frames_of, keep, picture, times_ms


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


def test_disk_that_is_full_while_the_mp4_is_made_is_a_media_error(home: Path):
    clip = keep(Clip(home / "elsewhere"), (picture(100), 0.0))
    (home / "clips").write_text("")
    with pytest.raises(MediaError, match=r"The video could not be made \(File exists\)\. Free some"):
        make_mp4(clip)
