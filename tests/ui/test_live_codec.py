"""What is put in aiortc's place, and that aiortc still is as it relies on."""

import asyncio
import inspect
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    rtcpeerconnection,
    rtcrtpreceiver,
    rtcrtpsender,
)
from aiortc.codecs import CODECS, get_decoder, h264, vpx
from aiortc.jitterbuffer import JitterBuffer, JitterFrame
from aiortc.mediastreams import MediaStreamError
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
from fer_core.ui.live_track import LiveTrack
from fer_core.vision.frames import new_frame

ENCODERS = {VP8: QuickVp8Encoder, H264: QuickH264Encoder}


@pytest.fixture
def installed() -> Iterator[None]:
    """``install`` as in the app; aiortc is left as it was."""
    kept = [(module, name, getattr(module, name)) for module, name in PLACES]
    install()
    yield
    for module, name, value in kept:
        setattr(module, name, value)


PLACES = [
    (rtcpeerconnection, "find_common_codecs"),
    (rtcrtpsender, "get_encoder"),
    (rtcrtpreceiver, "JitterBuffer"),
    (rtcrtpreceiver, "RemoteBitrateEstimator"),
]


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: Playwright's loop goes on in the main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def moving_frame(index: int, size_wh: tuple[int, int] = (640, 480)) -> av.VideoFrame:
    """A bright square that moves over gray, at 15 frames a second."""
    frame, planes = new_frame(size_wh)
    planes.y[:], planes.u[:], planes.v[:] = 100, 128, 128
    left = 5 * index % 90
    planes.y[20:80, left : left + 60] = 200
    frame.pts, frame.time_base = 6000 * index, Fraction(1, 90000)
    return frame


def joined(payloads: list[list[bytes]], mime: str) -> list[bytes]:
    """Put frames together of the payloads of their packets."""
    codec = next(codec for codec in CODECS["video"] if codec.mimeType == mime)
    return [b"".join(rtcrtpreceiver.depayload(codec, packet) for packet in packets) for packets in payloads]


def frames_of(payloads: list[list[bytes]], mime: str) -> list[av.VideoFrame]:
    """Decode what an encoder made, as aiortc does with what comes from the net."""
    decoder = get_decoder(next(codec for codec in CODECS["video"] if codec.mimeType == mime))
    return [
        frame for index, data in enumerate(joined(payloads, mime)) for frame in decoder.decode(JitterFrame(data, 6000 * index))
    ]


def is_key(data: bytes, mime: str) -> bool:
    """Whether a frame needs none before it: RFC 6386, 9.1; H.264, NAL unit type 5."""
    return data[0] & 1 == 0 if mime == VP8 else b"\x00\x00\x01\x65" in data


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


class Camera(MediaStreamTrack):
    """Gives frames at 50 a second until it is stopped."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    async def recv(self) -> av.VideoFrame:
        if self.readyState != "live":
            raise MediaStreamError
        await asyncio.sleep(0.02)
        self.count += 1
        return moving_frame(self.count)


async def connect(offer_only: str | None) -> tuple[RTCPeerConnection, RTCPeerConnection, asyncio.Queue[Any]]:
    """A viewer with a camera, and the app, which sends what comes back."""
    viewer, app = (RTCPeerConnection(RTCConfiguration(iceServers=[])) for _ in range(2))
    seen: asyncio.Queue[Any] = asyncio.Queue()

    @app.on("track")
    def on_camera(track: MediaStreamTrack) -> None:
        live = LiveTrack(lambda frame: frame)
        live.addTrack(track)
        app.addTrack(live)

    @viewer.on("track")
    def on_video(track: MediaStreamTrack) -> None:
        seen.put_nowait(track)

    transceiver = viewer.addTransceiver(Camera())
    if offer_only:
        wanted = [codec for codec in rtcrtpsender.get_capabilities("video").codecs if codec.mimeType == offer_only]
        transceiver.setCodecPreferences(wanted)
    await viewer.setLocalDescription(await viewer.createOffer())
    await app.setRemoteDescription(viewer.localDescription)
    await app.setLocalDescription(await app.createAnswer())
    await viewer.setRemoteDescription(app.localDescription)
    return viewer, app, seen


@pytest.mark.parametrize(("offer_only", "used"), [(None, H264), (VP8, VP8)])
def test_video_goes_there_and_back_in_the_preferred_codec_and_a_key_frame_comes_when_asked_for(
    installed: None, monkeypatch: pytest.MonkeyPatch, offer_only: str | None, used: str
) -> None:
    sent: dict[int, list[bool]] = {}
    encode = live_codec._QuickEncoder.encode

    def noting(encoder: Any, frame: av.VideoFrame, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        payloads, time = encode(encoder, frame, force_keyframe)
        sent.setdefault(id(encoder), []).append(is_key(joined([payloads], used)[0], used))
        return payloads, time

    monkeypatch.setattr(live_codec._QuickEncoder, "encode", noting)

    async def watch() -> tuple[str, list[bool]]:
        viewer, app, seen = await connect(offer_only)
        track = await seen.get()
        times = [(await track.recv()).pts for _ in range(5)]
        assert times == sorted(set(times))
        receiver, sender = viewer.getReceivers()[0], app.getSenders()[0]
        keys = sent[id(sender._RTCRtpSender__encoder)]
        before = len(keys)
        await receiver._send_rtcp_pli(sender._ssrc)
        while not any(keys[before:]):
            await track.recv()
        codec = app.getTransceivers()[0]._codecs[0].mimeType
        await viewer.close()
        await app.close()
        return codec, keys[:before]

    codec, keys = run(asyncio.wait_for(watch(), 60))
    assert codec == used
    assert keys == [True] + [False] * (len(keys) - 1)
