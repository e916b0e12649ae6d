"""What a frame of live video costs the server, by part, and with 1, 2 and 4 viewers.

    python -m benchmarks.bench_live_cost [--seconds 20] [--fps 15] [--viewers 1,2,4] [--model NAME] [--plain]

The server is one process with the connections that the live page makes (streamlit_webrtc's WebRtcWorker on an event loop of
its own), without Streamlit's pages. Viewers are processes of their own, which send packets of the fake camera encoded before
and do not decode what comes back; their processor time is told apart. ``--plain`` measures the way of streamlit-webrtc's own
examples beside it. Processor time, not time: a busy machine makes it larger, though less so.
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
from fer_core.ui.live_codec import MOST_FROM_CAMERA, make_encoder, most_bitrate
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
    parser.add_argument("--plain", action="store_true")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    packets = encode_camera(options.fps, options.kbps * 1000)
    print(f"model {options.model}, {options.kbps} kbit/s from a camera, load average {os.getloadavg()[0]:.1f} at the start\n")
    print_parts(options.model, packets)
    for plain in (False, True) if options.plain else (False,):
        print(
            f"\n{'As in streamlit-webrtc examples' if plain else 'As the live page does it'}, {options.fps:.0f} frames a second\n"
        )
        print(
            "| viewers | frames a second each | twice | server, ms a frame | delay p50, p95 ms | kbit/s back | a client, ms a frame | memory |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for count in map(int, options.viewers.split(",")):
            print_watched(count, watch(count, packets, options, plain=plain))


def print_watched(count: int, seen: Watched) -> None:
    """Print one row, and the server's threads below it."""
    median, high = np.percentile(seen.delays_ms, [50, 95]) if len(seen.delays_ms) else (np.nan, np.nan)
    rates = ", ".join(f"{rate:.1f}" for rate in seen.fps)
    print(
        f"| {count} | {rates} | {seen.doubled} | **{seen.server_ms:.1f}** ({_parts(seen.parts_ms)}) | {median:.0f}, {high:.0f} | "
        f"{seen.kbps:.0f} | {seen.client_ms:.1f} | {seen.memory_mb:.0f} MB |",
        flush=True,
    )


def _parts(parts: dict[str, float]) -> str:
    return "; ".join(f"{part} {value:.1f}" for part, value in sorted(parts.items()))


def watch(count: int, packets: list[bytes], options: argparse.Namespace, *, plain: bool) -> Watched:
    """Connect viewers to a server, wait for them to settle, and measure."""
    context = get_context("spawn")
    server, far = context.Pipe()
    processes = [context.Process(target=serve, args=(far, options.model, plain))]
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
    before, after = _ask(server, pipes), None
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


def encode_camera(fps: float, bitrate: int) -> list[bytes]:
    """Encode one loop of the fake camera as a browser would: VP8, the first frame a key frame."""
    codec = make_encoder(*SIZE_WH, bitrate)
    codec.options = {**codec.options, "cpu-used": "-6"}
    count = round(LOOP_S * fps)
    rng = np.random.default_rng(0)
    packets = []
    for index in range(count):
        image = face_frame(index / count)
        noisy = np.clip(image + rng.normal(0, 2, image.shape), 0, 255).astype(np.uint8)
        frame, _ = copy_frame(Planes.from_bgr(noisy))
        frame.pts, frame.time_base = round(index * CLOCK / fps), fractions.Fraction(1, CLOCK)
        packets.append(b"".join(bytes(packet) for packet in codec.encode(frame)))
    return packets


def print_parts(model: str, packets: list[bytes]) -> None:
    """Print what each step costs alone, in one thread: the page's way beside the plain one."""
    decoder = av.CodecContext.create("libvpx", "r")
    frames = [frame for packet in packets[:PARTS_FRAMES] for frame in decoder.decode(av.Packet(packet))]
    for index, frame in enumerate(frames):
        frame.pts, frame.time_base = index * CLOCK // 15, fractions.Fraction(1, CLOCK)
    detector, classifier = Detector(), Classifier(load_model(model))
    planes = [planes_of(frame) for frame in frames]
    images = [frame.to_ndarray(format="bgr24") for frame in frames]
    faces = [Pipeline(detector, classifier).process(picture, 0.0) for picture in planes]
    crops = [crop_faces(to_gray(one.y), found.boxes) for one, found in zip(planes, faces, strict=True)]
    drawn = [copy_frame(one, like=frame)[0] for one, frame in zip(planes, frames, strict=True)]
    overlay, again = Overlay(), av.CodecContext.create("libvpx", "r")
    theirs, mine = vpx.Vp8Encoder(), make_encoder(*SIZE_WH, most_bitrate(*SIZE_WH))
    theirs.target_bitrate = vpx.MAX_BITRATE
    backs = [av.VideoFrame.from_ndarray(image, format="bgr24") for image in images]
    for back, frame in zip(backs, frames, strict=True):
        back.pts, back.time_base = frame.pts, frame.time_base
    n = range(len(frames))
    rows: dict[str, tuple[Callable[[int], Any] | None, Callable[[int], Any] | None]] = {
        "decode VP8": (lambda i: again.decode(av.Packet(packets[i])), None),
        "frame to picture": (lambda i: planes_of(frames[i]), lambda i: frames[i].to_ndarray(format="bgr24")),
        "detect: picture to input": (lambda i: letterbox(planes[i]), lambda i: letterbox(images[i])),
        "detect, whole": (lambda i: detector.detect(planes[i]), lambda i: detector.detect(images[i])),
        "crop": (lambda i: crop_faces(to_gray(planes[i].y), faces[i].boxes), None),
        "classify": (lambda i: classifier.predict_probabilities(crops[i]), None),
        "new frame": (lambda i: copy_frame(planes[i]), lambda i: av.VideoFrame.from_ndarray(images[i], format="bgr24")),
        "draw": (lambda i: overlay.draw(planes_copy(drawn[i]), faces[i]), lambda i: draw_faces(images[i], faces[i])),
        "encode VP8": (lambda i: mine.encode(drawn[i]), lambda i: theirs.encode(backs[i])),
    }
    print("| part, alone | the page's way, ms | plain, ms |\n|---|---|---|")
    for name, works in rows.items():
        cells = ("=" if work is None else f"{cost_ms(work, n):.2f}" for work in works)
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def planes_copy(frame: av.VideoFrame) -> Planes:
    """Writable planes of a frame that is ours."""
    return planes_of(frame).copy()


def cost_ms(work: Callable[[int], Any], indices: range) -> float:
    """Processor milliseconds a call, all threads together."""
    work(0)
    started = time.process_time()
    for index in indices[1:]:
        work(index)
    return (time.process_time() - started) * 1000 / len(indices[1:])


if __name__ == "__main__":
    main()
