"""One viewer in a real Chromium with a 20-frame camera: how many frames a second are shown, and how late.

    python -m benchmarks.bench_live [--seconds 60]

Shown frames are counted by requestVideoFrameCallback on the page's own video; recognised frames and delay are what the page
says beside it. Needs Chromium, and scikit-image for the portrait that the camera shows.
"""

import argparse
import os
import re
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser.camera import FPS, face_frame, write_camera_file
from tests.browser.server import App, launch_chromium, run_app
from tests.browser.video import is_boxed, shown_frame, start
from tests.browser.waiting import open_page, wait_until

WINDOW_S = 2.0
STEP_S = 0.1
COUNT = """video => {
  window.shownAt = [];
  const note = (now, frame) => { window.shownAt.push(now / 1000); video.requestVideoFrameCallback(note); };
  video.requestVideoFrameCallback(note);
}"""


def main() -> None:
    """Print one table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        camera = write_camera_file(Path(folder) / "face.y4m")
        browser = launch_chromium(playwright, camera)
        with run_app(Path(folder)) as app:
            figures = watch(browser.new_page(viewport={"width": 1400, "height": 900}), app, seconds)
        browser.close()
    print("| what | measured | goal |\n|---|---|---|")
    for name, (value, goal) in figures.items():
        print(f"| {name} | {value} | {goal} |")


def watch(page: Page, app: App, seconds: float) -> dict[str, tuple[str, str]]:
    """Watch the live page for a while; gives figures and goals."""
    open_page(page, app, "live")
    is_boxed(face_frame(0.0))  # loads what the search needs before the clock runs
    pressed = time.monotonic()
    video = start(page)
    first_s = time.monotonic() - pressed
    box_s = wait_until(page, lambda: is_boxed(shown_frame(video)), within_s=60, what="a box")
    recognised, delays = [], []
    video.evaluate(COUNT)
    begun, used = time.monotonic(), cpu_s(app.pid)
    while time.monotonic() - begun < seconds:
        page.wait_for_timeout(2000)
        fps, delay_ms = readings(page)
        recognised.append(fps)
        delays.append(delay_ms)
    cores = (cpu_s(app.pid) - used) / (time.monotonic() - begun)
    rates = window_rates(shown_at(video))
    return {
        "START to first frame, s": (f"{first_s:.1f}", ""),
        "first frame to box on it, s": (f"{box_s:.1f}", "5 at most"),
        "frames shown a second, median": (f"{np.median(rates):.1f} ({np.median(rates) / FPS:.0%} of {FPS})", "95 % at least"),
        f"worst {WINDOW_S:.0f} s": (f"{rates.min():.1f} ({rates.min() / FPS:.0%})", "70 % at least"),
        "frames recognised a second, median": (f"{np.nanmedian(recognised):.0f}", ""),
        "delay in the app, median and highest, ms": (f"{np.nanmedian(delays):.0f}, {np.nanmax(delays):.0f}", ""),
        "cores used by the app": (f"{cores:.2f}", ""),
    }


def shown_at(video: Locator) -> np.ndarray:
    """When each frame was shown: (n,) seconds on the browser's clock."""
    return np.array(video.evaluate("() => window.shownAt"))


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


def cpu_s(pid: int) -> float:
    """Processor seconds that a process used so far (Linux); 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
