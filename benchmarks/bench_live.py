"""One viewer in a real Chromium with a 20-frame camera: how many frames a second are shown, and how late.

    python -m benchmarks.bench_live [--seconds 60] [--connects 0]

Frames that came back are counted by the video element (less those it dropped); those that could be told apart on the screen by
requestVideoFrameCallback and their numbers, which costs the browser some of them. Delay is from glass to glass: the camera's
frames carry a number, which is read from the camera's own picture and from the video that comes back. The label on the video is
told by its colour. With ``--connects`` START and STOP are pressed so often afterwards, and what the app holds is counted.
Needs Chromium, and scikit-image for the portrait that the camera shows.
"""

import argparse
import os
import re
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.camera import FPS, face_frame, write_camera_file
from tests.browser.counter import begin_reading, burn_number, keep_camera, read_delays
from tests.browser.server import App, launch_chromium, run_app
from tests.browser.video import is_boxed, player_of, shown_emotion, shown_frame, start
from tests.browser.waiting import open_page, wait_until

WINDOW_S = 2.0
STEP_S = 0.1
LOOK_S = 2.0
SETTLED = 5
"""Connections after which what the app holds is first counted."""
CAME = """() => {
    const quality = document.querySelector("video").getVideoPlaybackQuality();
    return quality.totalVideoFrames - quality.droppedVideoFrames;
}"""
"""Frames that the browser decoded and did not drop."""
Figures = dict[str, tuple[str, str]]


def main() -> None:
    """Print one table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--connects", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        camera = write_camera_file(Path(folder) / "face.y4m", change=burn_number)
        browser = launch_chromium(playwright, camera)
        with run_app(Path(folder)) as app:
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            figures = watch(page, app, options.seconds)
            figures |= connect(page, app, options.connects) if options.connects else {}
        browser.close()
    print("| what | measured | goal |\n|---|---|---|")
    for name, (value, goal) in figures.items():
        print(f"| {name} | {value} | {goal} |")


def watch(page: Page, app: App, seconds: float) -> Figures:
    """Watch the live page for a while; gives figures and goals."""
    keep_camera(page)
    open_page(page, app, "live")
    is_boxed(face_frame(0.0))  # loads what the search needs before the clock runs
    pressed = time.monotonic()
    video = start(page)
    first_s = time.monotonic() - pressed
    box_s = wait_until(page, lambda: is_boxed(shown_frame(video)), within_s=60, what="a box")
    frame = next(frame for frame in page.frames if "webrtc" in frame.url)
    begin_reading(frame)
    said, same = [], []
    begun, used, held, came = time.monotonic(), cpu_s(app.pid), [memory_mb(app.pid)], frame.evaluate(CAME)
    while time.monotonic() - begun < seconds:
        page.wait_for_timeout(1000 * LOOK_S)
        said.append(readings(page))
        same.append(shown_emotion(shown_frame(video)) == said_emotion(page))
        held.append(memory_mb(app.pid))
    came = (frame.evaluate(CAME) - came) / (time.monotonic() - begun)
    cores = (cpu_s(app.pid) - used) / (time.monotonic() - begun)
    delays = read_delays(frame, FPS)
    rates, recognised = window_rates(delays[:, 0]), np.array(said)
    early, late = (np.median(part) for part in (delays[: len(delays) // 5, 1], delays[-len(delays) // 5 :, 1]))
    return {
        "START to first frame, s": (f"{first_s:.1f}", ""),
        "first frame to box on it, s": (f"{box_s:.1f}", "5 at most"),
        "frames that came back a second": (f"{came:.1f} ({came / FPS:.0%} of {FPS})", "95 %"),
        "different numbers read off the screen a second, median": (
            f"{np.median(rates):.1f} ({np.median(rates) / FPS:.0%} of {FPS})",
            "",
        ),
        f"worst {WINDOW_S:.0f} s": (f"{rates.min():.1f} ({rates.min() / FPS:.0%})", ""),
        "frames recognised a second, median": (f"{np.nanmedian(recognised[:, 0]):.0f}", ""),
        "delay glass to glass, ms: p50, p95": (_spell(np.percentile(delays[:, 1], [50, 95])), "p95 250 at most"),
        "its median in the first and the last fifth, ms": (_spell([early, late]), "no growth"),
        "delay in the app, median and highest, ms": (_spell([np.nanmedian(recognised[:, 1]), np.nanmax(recognised[:, 1])]), ""),
        "looks at which the video's label was the panel's": (f"{np.mean(same):.0%} of {len(same)}", ""),
        "memory of the app, MB: at first, at the end": (_spell([held[min(5, len(held) - 1)], held[-1]]), "20 more at most"),
        "cores used by the app": (f"{cores:.2f}", ""),
    }


def connect(page: Page, app: App, times: int) -> Figures:
    """Press STOP and START again and again; gives what the app's process holds after a few times and at the end."""
    held: list[tuple[float, int, int]] = []
    for number in range(times):
        player_of(page).get_by_role("button", name="STOP").click()
        expect(player_of(page).get_by_role("button", name="START")).to_be_enabled(timeout=30_000)
        if number >= SETTLED:
            page.wait_for_timeout(1500)
            held.append((memory_mb(app.pid), threads(app.pid), descriptors(app.pid)))
        start(page)
    first, last = np.array(held[:3]).mean(axis=0), np.array(held[-3:]).mean(axis=0)
    names = ("memory, MB", "threads", "file descriptors")
    return {
        f"{name}, stopped: after {SETTLED} and after {times} connections": (_spell([first[at], last[at]]), "as before")
        for at, name in enumerate(names)
    }


def window_rates(times: np.ndarray) -> np.ndarray:
    """Frames a second in windows of two seconds, a tenth apart.

    Args:
        times: (n,) ascending seconds.
    """
    starts = np.arange(times[0], times[-1] - WINDOW_S, STEP_S)
    counts = np.searchsorted(times, starts + WINDOW_S) - np.searchsorted(times, starts)
    return counts / WINDOW_S


def readings(page: Page) -> tuple[float, float]:
    """What the page says: frames recognised a second, and delay in ms; not a number where it says nothing."""
    said = page.locator(".fer-figures").inner_text()
    found = re.search(r"Frames a second\s+(\d+)\s+Delay\s+(\d+) ms", said)
    return (float(found[1]), float(found[2])) if found else (float("nan"), float("nan"))


def said_emotion(page: Page) -> str:
    """The headline of the panel."""
    return page.locator(".fer-now").inner_text()


def cpu_s(pid: int) -> float:
    """Processor seconds that a process used so far (Linux); 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Memory that a process holds (resident, Linux)."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else float("nan")


def threads(pid: int) -> int:
    """Threads of a process (Linux)."""
    return len(os.listdir(f"/proc/{pid}/task"))


def descriptors(pid: int) -> int:
    """Open files, sockets and the like of a process (Linux)."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def _spell(values: object) -> str:
    return ", ".join(f"{value:.0f}" for value in np.asarray(values, float))


if __name__ == "__main__":
    main()
