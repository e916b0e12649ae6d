"""What a frame of live video costs the server, by part, and with 1, 2 and 4 viewers.

    python -m benchmarks.bench_live_cost [--seconds 20] [--fps 15] [--viewers 1,2,4] [--model NAME] [--plain] [--sharp]

The server is one process with the connections that the live page makes (streamlit_webrtc's WebRtcWorker on an event loop of
its own), without Streamlit's pages. Viewers are processes of their own, which send packets of the fake camera encoded before
and do not decode what comes back; their processor time is told apart. ``--plain`` measures the way of streamlit-webrtc's own
examples beside it, ``--sharp`` a camera of 1280 x 720. Processor time, not time: a busy machine makes it larger, but less so.
"""

import argparse
import fractions
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import av
import cv2
import numpy as np
from aiortc.codecs import vpx

from benchmarks.live_sides import CLOCK, serve, view
from fer_core.model import Classifier, load_model
from fer_core.ui.live_camera import SHARP_WH
from fer_core.ui.live_codec import H264, MOST_FROM_CAMERA, VP8, make_h264, make_vp8, most_bitrate
from fer_core.vision import Detector, Pipeline, crop_faces, draw_faces
from fer_core.vision.detection import letterbox
from fer_core.vision.frames import copy_frame, planes_of
from fer_core.vision.overlay import Overlay
from fer_core.vision.planes import Planes, to_gray
from tests.browser.camera import LOOP_S, SIZE_WH, face_frame

WARM_UP_S = 5.0
PARTS_FRAMES = 60


@dataclass(frozen=True)
class Watched:
    """What was seen of some viewers."""

    fps: list[float]
    """Frames a second that each got back, none twice."""
    doubled: int
    delays_ms: np.ndarray
    """From a viewer's sending a frame to its coming back."""
    server_ms: float
    """Processor time a frame."""
    parts_ms: dict[str, float]
    client_ms: float
    kbps: float
    """Sent back to one viewer."""
    memory_mb: float


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--fps", type=float, default=15.0)
    parser.add_argument("--viewers", default="1,2,4")
    parser.add_argument("--model", default="studio")
    parser.add_argument("--kbps", type=int, default=MOST_FROM_CAMERA // 1000, help="what each camera sends")
    parser.add_argument("--codec", choices=["h264", "vp8"], default="h264", help="the plain way is always VP8")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--sharp", action="store_true")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    codecs = {"vp8": VP8, "h264": H264}
    size_wh = SHARP_WH if options.sharp else SIZE_WH
    packets = {name: encode_camera(options.fps, options.kbps * 1000, name, size_wh) for name in codecs}
    print(f"model {options.model}, {options.kbps} kbit/s from a camera, load average {os.getloadavg()[0]:.1f} at the start\n")
    print_parts(options.model, packets)
    for plain in (False, True) if options.plain else (False,):
        codec = "vp8" if plain else options.codec
        way = "As in streamlit-webrtc's examples" if plain else "As the live page does it"
        print(f"\n{way}, {codec}, {options.fps:.0f} frames a second\n")
        print(
            "| viewers | frames/s each | sent twice | server, ms/frame | delay p50, p95 ms | kbit/s back | client ms | memory |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for count in map(int, options.viewers.split(",")):
            print_watched(count, watch(count, packets[codec], options, codec=codecs[codec], plain=plain))


def print_watched(count: int, seen: Watched) -> None:
    """Print one row; the server's figure with its threads' parts."""
    median, high = np.percentile(seen.delays_ms, [50, 95]) if len(seen.delays_ms) else (np.nan, np.nan)
    rates = ", ".join(f"{rate:.1f}" for rate in seen.fps)
    server = f"**{seen.server_ms:.1f}** ({_parts(seen.parts_ms)})"
    client = f"{median:.0f}, {high:.0f} | {seen.kbps:.0f} | {seen.client_ms:.1f}"
    print(f"| {count} | {rates} | {seen.doubled} | {server} | {client} | {seen.memory_mb:.0f} MB |", flush=True)


def _parts(parts: dict[str, float]) -> str:
    return "; ".join(f"{part} {value:.1f}" for part, value in sorted(parts.items()))


def watch(count: int, packets: list[bytes], options: argparse.Namespace, *, codec: str, plain: bool) -> Watched:
    """Connect viewers to a server, wait for them to settle, and measure."""
    context = get_context("spawn")
    server, far = context.Pipe()
    processes = [context.Process(target=serve, args=(far, options.model, codec, plain))]
    pipes = []
    for _ in range(count):
        near, end = context.Pipe()
        pipes.append(near)
        processes.append(context.Process(target=view, args=(end, packets, options.fps)))
    for process in processes:
        process.start()
    for pipe in pipes:
        server.send(("offer", pipe.recv()))
        pipe.send(server.recv())
    time.sleep(WARM_UP_S)
    before = _ask(server, pipes)
    time.sleep(options.seconds)
    after = _ask(server, pipes)
    server.send(("stop", None))
    memory_mb = server.recv() / 1024
    for pipe in pipes:
        pipe.send("stop")
    for process in processes:
        process.join(10)
        if process.is_alive():
            process.kill()
    return _figures(before, after, options.fps, memory_mb)


def _ask(server: Any, pipes: list[Any]) -> tuple[Any, list[Any], float]:
    for pipe in pipes:
        pipe.send("tell")
    clients = [pipe.recv() for pipe in pipes]
    server.send(("usage", None))
    return server.recv(), clients, time.monotonic()


def _figures(before: Any, after: Any, fps: float, memory_mb: float) -> Watched:
    (used, threads, _), clients, began_s = before
    (used_after, threads_after, first_pts), clients_after, ended_s = after
    seconds = ended_s - began_s
    rates, delays, doubled, frames, client_s, size = [], [], 0, 0, 0.0, 0
    for old, new, first in zip(clients, clients_after, first_pts, strict=True):
        came = new[0][len(old[0]) :]
        times = {pts: came_s for pts, came_s in reversed(came)}
        doubled += len(came) - len(times)
        frames += len(came)
        rates.append(len(times) / seconds)
        delays += [1000 * (came_s - new[1][pts + first]) for pts, came_s in times.items() if pts + first in new[1]]
        client_s += new[2] - old[2]
        size += new[3] - old[3]
    each = 1000 / max(frames, 1)
    parts = {part: (threads_after[part] - threads.get(part, 0.0)) * each for part in threads_after}
    kbps = size * 8 / 1000 / seconds / len(clients)
    return Watched(rates, doubled, np.array(delays), (used_after - used) * each, parts, client_s * each, kbps, memory_mb)


def encode_camera(fps: float, bitrate: int, name: str, size_wh: tuple[int, int] = SIZE_WH) -> list[bytes]:
    """Encode one loop of the fake camera about as a browser would, the first frame a key frame."""
    codec = (make_h264 if name == "h264" else make_vp8)(*size_wh, bitrate)
    codec.options = {**codec.options, **({"preset": "superfast"} if name == "h264" else {"cpu-used": "-6"})}
    count = round(LOOP_S * fps)
    rng = np.random.default_rng(0)
    packets = []
    for index in range(count):
        image = cv2.resize(face_frame(index / count), size_wh)
        noisy = np.clip(image + rng.normal(0, 2, image.shape), 0, 255).astype(np.uint8)
        frame, _ = copy_frame(Planes.from_bgr(noisy))
        frame.pts, frame.time_base = round(index * CLOCK / fps), fractions.Fraction(1, CLOCK)
        packets.append(b"".join(bytes(packet) for packet in codec.encode(frame)))
    return packets


def print_parts(model: str, packets: dict[str, list[bytes]]) -> None:
    """Print what each step costs alone, in one thread: the page's way beside the plain one."""
    n = range(PARTS_FRAMES)
    frames = decoded(packets["vp8"], "libvpx")
    detector, classifier = Detector(), Classifier(load_model(model), small=True)
    planes = [planes_of(frame) for frame in frames]
    images = [frame.to_ndarray(format="bgr24") for frame in frames]
    faces = [Pipeline(detector, classifier).process(picture, 0.0) for picture in planes]
    crops = [crop_faces(to_gray(one.y), found.boxes) for one, found in zip(planes, faces, strict=True)]
    ours = [copy_frame(one, like=frame) for one, frame in zip(planes, frames, strict=True)]
    overlay = Overlay()
    rows: dict[str, tuple[Callable[[int], Any], Callable[[int], Any] | None]] = {
        "frame to picture": (lambda i: planes_of(frames[i]), lambda i: frames[i].to_ndarray(format="bgr24")),
        "picture to the detector's input": (lambda i: letterbox(planes[i]), lambda i: letterbox(images[i])),
        "detect, that included": (lambda i: detector.detect(planes[i]), lambda i: detector.detect(images[i])),
        "crop": (lambda i: crop_faces(to_gray(planes[i].y), faces[i].boxes), None),
        "classify": (lambda i: classifier.predict_probabilities(crops[i]), None),
        "picture to frame": (lambda i: copy_frame(planes[i]), lambda i: av.VideoFrame.from_ndarray(images[i], format="bgr24")),
        "draw": (lambda i: overlay.draw(ours[i][1], faces[i]), lambda i: draw_faces(images[i], faces[i])),
    }
    print("| part, alone | the page's way, ms | plain, ms |\n|---|---|---|")
    for name, works in rows.items():
        print_row(name, *(cost_ms(work, n) if work else None for work in works))
    print_codecs(packets, [frame for frame, _ in ours], images)


def print_codecs(packets: dict[str, list[bytes]], ours: list[av.VideoFrame], images: list[np.ndarray]) -> None:
    """Print what decoding and encoding cost; ``ours`` are drawn on."""
    n = range(PARTS_FRAMES)
    decoders = {name: av.CodecContext.create(codec, "r") for name, codec in (("h264", "h264"), ("vp8", "libvpx"))}
    h264, vp8 = (cost_ms(lambda i, name=name: decoders[name].decode(av.Packet(packets[name][i])), n) for name in decoders)
    print_row("decode H264, VP8", h264, vp8)
    h264, vp8 = (cost_ms(lambda i, codec=codec: codec.encode(ours[i]), n) for codec in _encoders(ours[0].width, ours[0].height))
    print_row("encode H264", h264, None)
    theirs = vpx.Vp8Encoder()
    backs = [av.VideoFrame.from_ndarray(image, format="bgr24") for image in images]
    for back, frame in zip(backs, ours, strict=True):
        back.pts, back.time_base = frame.pts, frame.time_base
    print_row("encode VP8", vp8, cost_ms(lambda i: theirs.encode(backs[i]), n))


def _encoders(width: int, height: int) -> list[Any]:
    return [make(width, height, most_bitrate(width, height)) for make in (make_h264, make_vp8)]


def decoded(packets: list[bytes], name: str) -> list[av.VideoFrame]:
    """Decode the first frames, and give them their times."""
    decoder = av.CodecContext.create(name, "r")
    frames = [frame for packet in packets[:PARTS_FRAMES] for frame in decoder.decode(av.Packet(packet))]
    for index, frame in enumerate(frames):
        frame.pts, frame.time_base = index * CLOCK // 15, fractions.Fraction(1, CLOCK)
    return frames


def print_row(name: str, cheap: float | None, plain: float | None) -> None:
    """Print one part; where there is no plain figure it is the same."""
    print(f"| {name} | {cheap:.2f} | {'=' if plain is None else f'{plain:.2f}'} |", flush=True)


def cost_ms(work: Callable[[int], Any], indices: range) -> float:
    """Processor milliseconds a call, all threads together."""
    work(0)
    started = time.process_time()
    for index in indices[1:]:
        work(index)
    return (time.process_time() - started) * 1000 / len(indices[1:])


if __name__ == "__main__":
    main()
