"""What is put in aiortc's place, and that aiortc still is as it relies on."""

import inspect

import numpy as np
import pytest
from aiortc import (
    rtcpeerconnection,
    rtcrtpreceiver,
    rtcrtpsender,
)
from aiortc.codecs import h264, vpx
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rate import RemoteBitrateEstimator

from fer_core.ui import live_codec
from fer_core.ui.live_codec import (
    H264,
    MOST_FROM_CAMERA,
    VP8,
    ModestBitrateEstimator,
    PromptJitterBuffer,
    QuickH264Encoder,
    QuickVp8Encoder,
    install,
    most_bitrate,
)
from tests.ui.encoded import frames_of, is_key, joined, moving_frame

ENCODERS = {VP8: QuickVp8Encoder, H264: QuickH264Encoder}


def test_aiortc_still_looks_up_what_is_replaced_where_it_is_replaced() -> None:
    assert "find_common_codecs(CODECS[" in inspect.getsource(rtcpeerconnection.RTCPeerConnection)
    assert "get_encoder(codec)" in inspect.getsource(rtcrtpsender.RTCRtpSender)
    receiver = inspect.getsource(rtcrtpreceiver.RTCRtpReceiver.__init__)
    assert "JitterBuffer(capacity=512, is_video=True)" in receiver
    assert "RemoteBitrateEstimator()" in receiver


def test_aiortcs_encoders_and_buffers_are_still_as_ours_expect() -> None:
    for encoder in (vpx.Vp8Encoder, h264.H264Encoder):
        assert "self.target_bitrate - self.codec.bit_rate" in inspect.getsource(encoder)
        assert list(inspect.signature(encoder.encode).parameters) == ["self", "frame", "force_keyframe"]
    assert set(vars(JitterBuffer(8, is_video=True))) == {"_capacity", "_origin", "_packets", "_prefetch", "_is_video"}
    assert "self._remove_frame(packet.sequence_number)" in inspect.getsource(JitterBuffer.add)
    asked = inspect.signature(RemoteBitrateEstimator.add).parameters
    assert list(asked) == ["self", "arrival_time_ms", "abs_send_time", "payload_size", "ssrc"]


def test_install_twice_is_as_once(installed: None) -> None:
    before = live_codec._find_common_codecs
    install()
    assert live_codec._find_common_codecs is before
    assert rtcrtpreceiver.JitterBuffer is PromptJitterBuffer


@pytest.mark.parametrize("mime", ENCODERS)
def test_encoder_gives_every_frame_at_once_and_well(mime: str) -> None:
    encoder = ENCODERS[mime]()
    payloads = [encoder.encode(moving_frame(index))[0] for index in range(20)]
    assert all(payloads)
    decoded = frames_of(payloads, mime)
    assert len(decoded) == 20
    for index, frame in enumerate(decoded):
        seen = np.frombuffer(frame.planes[0], np.uint8).reshape(-1, frame.planes[0].line_size)[:480, :640]
        expected = np.frombuffer(moving_frame(index).planes[0], np.uint8).reshape(480, -1)[:, :640]
        assert np.abs(seen.astype(int) - expected).mean() < 3


@pytest.mark.parametrize("mime", ENCODERS)
def test_encoder_gives_a_key_frame_when_asked_and_no_other(mime: str) -> None:
    encoder = ENCODERS[mime]()
    payloads = [encoder.encode(moving_frame(index), force_keyframe=index == 7)[0] for index in range(12)]
    assert [index for index, data in enumerate(joined(payloads, mime)) if is_key(data, mime)] == [0, 7]
    assert len(frames_of(payloads[7:], mime)) == 5


@pytest.mark.parametrize("mime", ENCODERS)
def test_encoder_goes_on_when_the_time_goes_back_or_stands(mime: str) -> None:
    encoder = ENCODERS[mime]()
    payloads = [encoder.encode(moving_frame(index))[0] for index in (5, 6, 6, 2, 3)]
    assert all(payloads)
    assert len(frames_of(payloads, mime)) == 5


@pytest.mark.parametrize("mime", ENCODERS)
def test_encoder_follows_a_change_of_size(mime: str) -> None:
    encoder = ENCODERS[mime]()
    sizes = [(640, 480), (480, 640), (1280, 720)]
    payloads = [encoder.encode(moving_frame(index, size))[0] for index, size in enumerate(sizes)]
    assert [(frame.width, frame.height) for frame in frames_of(payloads, mime)] == sizes


@pytest.mark.parametrize("mime", ENCODERS)
def test_aiortcs_own_encode_keeps_our_codec(mime: str) -> None:
    encoder = ENCODERS[mime]()
    encoder.encode(moving_frame(0))
    ours = encoder.codec
    for bitrate in (10_000_000, 620_000, 600_000):
        encoder.target_bitrate = bitrate
        encoder.encode(moving_frame(1))
        assert encoder.codec is ours
    assert ours.bit_rate == pytest.approx(most_bitrate(640, 480), rel=0.01)
    assert ours.thread_count == 1
    assert ours.options.get("cpu-used", "-12") == "-12"


@pytest.mark.parametrize("mime", ENCODERS)
def test_encoder_takes_less_where_the_net_carries_less(mime: str) -> None:
    encoder = ENCODERS[mime]()
    encoder.encode(moving_frame(0))
    encoder.target_bitrate = 400_000
    encoder.encode(moving_frame(1))
    assert encoder.codec.bit_rate == pytest.approx(400_000, rel=0.01)
    encoder.target_bitrate = 1
    encoder.encode(moving_frame(2))
    assert encoder.codec.bit_rate == live_codec.LEAST_BITRATE


@pytest.mark.parametrize(("size_wh", "bitrate"), [((160, 120), 250_000), ((640, 360), 460_800), ((3840, 2160), 1_500_000)])
def test_most_bitrate_grows_with_the_size_within_bounds(size_wh: tuple[int, int], bitrate: int) -> None:
    assert most_bitrate(*size_wh) == bitrate


def test_browser_is_asked_for_no_more_than_is_needed() -> None:
    ours, theirs = ModestBitrateEstimator(), RemoteBitrateEstimator()
    asked = []
    for index in range(600):
        arrival = {
            "arrival_time_ms": 10 * index,
            "abs_send_time": (10 * index << 18) // 1000 & 0xFFFFFF,
            "payload_size": 1200,
            "ssrc": 7,
        }
        said, expected = ours.add(**arrival), theirs.add(**arrival)
        if said:
            asked.append(said[0])
            assert said == (min(expected[0], MOST_FROM_CAMERA), expected[1])
    assert max(asked) == MOST_FROM_CAMERA
