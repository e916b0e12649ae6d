"""A viewer and the app, connected by aiortc as it is set for a webcam."""

import asyncio
from typing import Any

import av
import pytest
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    rtcrtpsender,
)
from aiortc.mediastreams import MediaStreamError

from fer_core.ui import live_codec
from fer_core.ui.live_codec import (
    H264,
    VP8,
)
from fer_core.ui.live_track import LiveTrack
from tests.loops import run
from tests.ui.encoded import is_key, joined, moving_frame


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
