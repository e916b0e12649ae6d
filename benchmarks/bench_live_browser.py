"""Video analysed in the browser, in Chromium with a fake camera: `python -m benchmarks.bench_live_browser [--seconds 20]`.

Printed of a first visit and of a second one: bytes of the component's files over the wire, the time from opening the page to
the button, from the button to the models' being there, and from START to the first face on the page; then frames a second,
their delay, bytes sent each second, and the processor time that the server spends on this viewer. All of it on this machine,
whose browser has no graphics card to draw with: a person's is quicker.
"""

import argparse
import re
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.browser.camera import write_camera_file
from tests.browser.server import App, launch_chromium, run_app
from tests.browser.test_live_in_browser import SCRIPT, Traffic
from tests.browser.waiting import PAGE_MS


def visit(context: BrowserContext, app: App) -> tuple[Page, Traffic, list[float]]:
    """Open the page and start; gives it, what went over the wire, and the three times in seconds."""
    page, traffic = context.new_page(), Traffic()
    traffic.watch(page)
    times = [time.monotonic()]
    page.goto(app.url)
    page.get_by_role("button", name="START").wait_for(timeout=PAGE_MS)
    times.append(time.monotonic())
    page.get_by_text("Press START and look into the camera.").wait_for(timeout=PAGE_MS)
    times.append(time.monotonic())
    page.get_by_role("button", name="START").click()
    expect(page.locator(".fer-now")).to_have_text(re.compile("[a-z]"), timeout=PAGE_MS)
    times.append(time.monotonic())
    return page, traffic, [after - before for before, after in pairwise(times)]


def processor_s(pid: int) -> float:
    """Seconds of processor that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    """Measure two visits and some seconds of video."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright, run_app(Path(name), script=SCRIPT) as app:
        browser = launch_chromium(playwright, write_camera_file(Path(name) / "face.y4m"))
        context = browser.new_context()
        for which in ("first", "second"):
            page, traffic, (button, models, face) = visit(context, app)
            size = sum(traffic.downloads.values()) / 1e6
            print(f"{which} visit: {size:.2f} MB, button {button:.1f} s, models {models:.1f} s, START to face {face:.1f} s")
            if which == "first":
                page.close()
        used_s, sent, began = processor_s(app.pid), len(traffic.uploads), time.monotonic()
        page.wait_for_timeout(1000 * seconds)
        passed = time.monotonic() - began
        up = traffic.uploads[sent:]
        print(page.locator(".fer-figures").inner_text().replace("\n", " "))
        share = (processor_s(app.pid) - used_s) / passed
        print(f"sent {sum(up) / passed:.0f} bytes a second, {max(up)} at most; server {share:.1%} of a core")
        browser.close()


if __name__ == "__main__":
    main()
