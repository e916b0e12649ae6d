"""The two sides of bench_live_cost: a server with the page's real connections, and a viewer who replays packets."""

import asyncio
import fractions
import inspect
import resource
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import av
import cv2
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription, rtcrtpreceiver, rtcrtpsender
from aiortc.contrib.media import MediaRelay
from aiortc.mediastreams import MediaStreamError

from fer_core.model import Classifier, load_model
from fer_core.ui import live_codec
from fer_core.ui.live_track import LiveTrack
from fer_core.ui.newest_frames import NewestFramesRelay
from fer_core.vision import Detector, Pipeline, draw_faces
from fer_core.vision.frames import copy_frame, planes_of
from fer_core.vision.overlay import Overlay

CLOCK = 90_000
TIME_BASE = fractions.Fraction(1, CLOCK)
Work = Callable[[av.VideoFrame], av.VideoFrame]
THREADS = {"video-decoder": "decode", "live": "recognise, draw", "async_media": "recognise, draw", "asyncio": "encode"}
"""What threads do, by the beginnings of their names; all others carry packets."""


def cheap_work(model: str) -> Work:
    """The page's way: planes from decoder to encoder."""
    pipeline, overlay = Pipeline(Detector(), Classifier(load_model(model), small=True)), Overlay()

    def work(frame: av.VideoFrame) -> av.VideoFrame:
        planes = planes_of(frame)
        faces = pipeline.process(planes, frame.time)
        drawn, target = copy_frame(planes, like=frame)
        overlay.draw(target, faces)
        return drawn

    return work


def plain_work(model: str) -> Work:
    """As streamlit-webrtc's own examples do: a BGR image, and a frame made of it."""
    pipeline = Pipeline(Detector(), Classifier(load_model(model), small=True))

    def work(frame: av.VideoFrame) -> av.VideoFrame:
        image = frame.to_ndarray(format="bgr24")
        return av.VideoFrame.from_ndarray(draw_faces(image, pipeline.process(image, frame.time)), format="bgr24")

    return work


class Server:
    """What the app's process holds for its viewers, without Streamlit's pages."""

    def __init__(self, model: str, codec: str, *, plain: bool) -> None:
        self._model, self._plain = model, plain
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="loop", daemon=True).start()
        if not plain:
            live_codec.install(codec)
        self._relay = MediaRelay() if plain else NewestFramesRelay()
        self._workers: list[Any] = []
        self.first_pts: list[int] = []
        self._note_first_frames()

    def connect(self, sdp: str) -> str:
        """Answer a viewer's offer."""
        from streamlit_webrtc.webrtc import WebRtcMode, WebRtcWorker  # only here: it tells of a missing page at length

        options: dict[str, Any] = {
            name: None for name in inspect.signature(WebRtcWorker).parameters if name not in ("mode", "rtc_configuration")
        }
        if self._plain:
            options["video_frame_callback"] = plain_work(self._model)
        else:
            options["source_video_track"] = options["sink_video_track"] = LiveTrack(cheap_work(self._model))
        options |= {"async_processing": True, "video_receiver_size": 4, "audio_receiver_size": 4}
        options |= {"sendback_video": True, "sendback_audio": True, "loop": self._loop, "relay": self._relay}
        worker = WebRtcWorker(WebRtcMode.SENDRECV, RTCConfiguration(iceServers=[]), **options)
        answer = worker.process_offer(sdp, "offer", timeout=60)
        self._workers.append(worker)
        return str(answer.sdp)

    def stop(self) -> None:
        """End all connections."""
        for worker in self._workers:
            worker.stop()

    def _note_first_frames(self) -> None:
        """Keep the time of the first frame each viewer is sent: the client counts from there."""
        make = rtcrtpsender.get_encoder

        def noting(codec: Any) -> Any:
            encoder = make(codec)
            encode, seen = encoder.encode, []

            def first(frame: av.VideoFrame, force_keyframe: bool = False) -> Any:
                if not seen:
                    seen.append(frame.pts)
                    self.first_pts.append(frame.pts)
                return encode(frame, force_keyframe)

            encoder.encode = first
            return encoder

        rtcrtpsender.get_encoder = noting


def serve(pipe: Connection, model: str, codec: str, plain: bool) -> None:
    """Answer offers and tell processor seconds, by what threads do, until told to stop."""
    cv2.setNumThreads(1)
    server = Server(model, codec, plain=plain)
    while True:
        command, value = pipe.recv()
        if command == "offer":
            pipe.send(server.connect(value))
        elif command == "usage":
            pipe.send((time.process_time(), thread_seconds(), server.first_pts))
        else:
            server.stop()
            pipe.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
            return


def thread_seconds() -> dict[str, float]:
    """Processor seconds of the threads that are there, by what they do."""
    seconds: dict[str, float] = {}
    for thread in threading.enumerate():
        part = next((part for name, part in THREADS.items() if thread.name.startswith(name)), "packets, event loop")
        used = time.clock_gettime(time.pthread_getcpuclockid(thread.ident)) if thread.ident else 0.0
        seconds[part] = seconds.get(part, 0.0) + used
    return seconds


class ReplayedCamera(MediaStreamTrack):
    """Sends pre-encoded frames in a loop, on time, and notes when."""

    kind = "video"

    def __init__(self, packets: list[bytes], fps: float) -> None:
        super().__init__()
        self._packets, self._fps = packets, fps
        self._count, self._start_s = 0, 0.0
        self.sent_s: dict[int, float] = {}

    async def recv(self) -> av.Packet:
        """Give the next frame when its time has come."""
        self._start_s = self._start_s or time.monotonic()
        await asyncio.sleep(max(self._start_s + self._count / self._fps - time.monotonic(), 0))
        packet = av.Packet(self._packets[self._count % len(self._packets)])
        packet.pts, packet.time_base = round(self._count * CLOCK / self._fps), TIME_BASE
        self.sent_s[packet.pts] = time.monotonic()
        self._count += 1
        return packet


class NoDecoder:
    """Takes a frame for decoded: a viewer's browser is not what is measured."""

    def decode(self, encoded: Any) -> list[av.VideoFrame]:
        """Give a small frame with the encoded one's time."""
        frame = av.VideoFrame(16, 16)
        frame.pts = encoded.timestamp
        return [frame]


def view(pipe: Connection, packets: list[bytes], fps: float) -> None:
    """Be one viewer: connect, send, count what comes back."""
    rtcrtpreceiver.get_decoder = lambda codec: NoDecoder()
    rtcrtpreceiver.JitterBuffer = live_codec.PromptJitterBuffer
    asyncio.run(_view(pipe, ReplayedCamera(packets, fps)))


async def _view(pipe: Connection, camera: ReplayedCamera) -> None:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    came: list[tuple[int, float]] = []
    counting: list[asyncio.Future[None]] = []

    @connection.on("track")
    def on_track(track: MediaStreamTrack) -> None:
        async def count() -> None:
            with suppress(MediaStreamError):
                while True:
                    frame = await track.recv()
                    came.append((frame.pts, time.monotonic()))

        counting.append(asyncio.ensure_future(count()))

    connection.addTrack(camera)
    await connection.setLocalDescription(await connection.createOffer())
    pipe.send(connection.localDescription.sdp)
    loop = asyncio.get_running_loop()
    answer = await loop.run_in_executor(None, pipe.recv)
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    while await loop.run_in_executor(None, pipe.recv) != "stop":
        stats = (await connection.getStats()).values()
        size = max((report.bytesReceived for report in stats if report.type == "transport"), default=0)
        pipe.send((came.copy(), camera.sent_s.copy(), time.process_time(), size))
    await connection.close()
