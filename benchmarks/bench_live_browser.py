"""Video analysed in the browser: `python -m benchmarks.bench_live_browser [--seconds 20] [--viewers 1] [--browser chromium]`.

Of a first visit and of a second one: bytes of the component's files over the wire, the time from opening the page to the
button, from the button to the models' being there, and from START to the first face on the page. Then, with so many viewers,
each a browser context of its own: frames a second, their delay, the milliseconds of a frame by part, bytes sent each second,
growth of the browser's memory, who else was asked for anything, and the processor time of the server. All of it on this
machine, whose browser has no graphics card to draw with: a person's is quicker. Firefox has one viewer, and no second visit.
"""

import argparse
import base64
import json
import os
import re
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import cv2
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.camera import face_frame, write_camera_file
from tests.browser.firefox import Tab, run_firefox
from tests.browser.server import App, launch_chromium, run_app
from tests.browser.test_live_in_browser import SCRIPT, Traffic
from tests.browser.test_live_in_firefox import CAMERA, SHADOW
from tests.browser.waiting import PAGE_MS

SETTLE_S = 30.0
"""After this long the memory is first looked at: until then a browser collects no garbage."""
COUNT_SENT = """() => {
  window.sent = [];
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    window.sent.push(data.byteLength ?? data.size ?? data.length);
    return send.call(this, data);
  };
}"""
ASKED = "JSON.stringify(performance.getEntriesByType('resource').map(entry => entry.name).concat([location.href]))"


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


def measure(app: App, seconds: float, wait: Callable[[float], None]) -> None:
    """Wait so long, and print what the server used and by how much the browser's memory grew."""
    wait(min(SETTLE_S, seconds))
    held_mb, used_s, began = browser_mb(app), processor_s(app.pid), time.monotonic()
    wait(seconds)
    passed = time.monotonic() - began
    share, grown = (processor_s(app.pid) - used_s) / passed, browser_mb(app)
    print(f"{passed:.0f} s: server {share:.1%} of a core; browser's memory {held_mb:.0f} MB, then {grown:.0f} MB")


def in_chromium(folder: Path, app: App, seconds: float, viewers: int) -> None:
    """Measure two visits, then some seconds of so many viewers."""
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright, write_camera_file(folder / "face.y4m"))
        watched = [open_twice(browser, app)]
        watched += [visit(browser.new_context(), app)[:2] for _ in range(viewers - 1)]
        sent = [len(traffic.uploads) for _, traffic in watched]
        measure(app, seconds, lambda wanted: watched[0][0].wait_for_timeout(1000 * wanted))
        for (page, traffic), before in zip(watched, sent, strict=True):
            figures = page.locator(".fer-figures").inner_text().replace("\n", " ")
            parts = page.locator(".stage").get_attribute("data-ms") or "{}"
            report(figures, parts, traffic.uploads[before:], traffic.hosts)
        browser.close()


def open_twice(browser: Browser, app: App) -> tuple[Page, Traffic]:
    """Visit the page, leave it, and visit it again; prints how long all took."""
    context = browser.new_context()
    for which in ("first", "second"):
        page, traffic, (button, models, face) = visit(context, app)
        size = sum(traffic.downloads.values()) / 1e6
        print(f"{which} visit: {size:.2f} MB, button {button:.1f} s, models {models:.1f} s, START to face {face:.1f} s")
        if which == "first":
            page.close()
    return page, traffic


def in_firefox(folder: Path, app: App, seconds: float) -> None:
    """Measure some seconds of one viewer."""
    picture = base64.b64encode(cv2.imencode(".jpg", face_frame(0.0))[1].tobytes()).decode()
    with run_firefox(folder / "firefox") as tab:
        tab.ask("script.addPreloadScript", functionDeclaration=COUNT_SENT)
        tab.open(app.url)
        tab.wait_for(f"{SHADOW}?.querySelector('.note').textContent.startsWith('Press START')", within_s=90)
        tab.run(CAMERA.format(picture=picture))
        tab.run(f"{SHADOW}.querySelector('button').click()")
        face = tab.wait_for("document.querySelector('.fer-now')?.textContent === 'happy'", within_s=60)
        print(f"START to face {face:.1f} s")
        before = int(tab.run("window.sent.length"))
        measure(app, seconds, time.sleep)
        figures = str(tab.run("document.querySelector('.fer-figures').innerText")).replace("\n", " ")
        sent = json.loads(tab.run("JSON.stringify(window.sent)"))[before:]
        report(figures, tab.run(f"{SHADOW}.querySelector('.stage').dataset.ms"), sent, hosts_of(tab))


def hosts_of(tab: Tab) -> set[str]:
    """Give all hosts that a page has asked for anything."""
    return {urlsplit(url).hostname or "" for url in json.loads(tab.run(ASKED)) if url.startswith(("http", "ws"))}


def report(figures: str, parts: str, sent: list[int], hosts: set[str]) -> None:
    """Print what one viewer's page tells, and what it sent."""
    times = ", ".join(f"{name} {ms:g}" for name, ms in json.loads(parts).items())
    print(
        f"  {figures}; ms a frame: {times}; {len(sent)} messages of {max(sent)} bytes at most; hosts {', '.join(sorted(hosts))}"
    )


def processor_s(pid: int) -> float:
    """Seconds of processor that a process has used (Linux)."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / 100


def browser_mb(app: App) -> float:
    """Memory of all that this process has started but the app, shared pages counted in part (Linux's PSS), in MB."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int(_stat(int(folder.name))[1])
        except FileNotFoundError:
            continue
    ours = [pid for pid in parents if os.getpid() in _line_of(pid, parents)[1:] and app.pid not in _line_of(pid, parents)]
    return sum(_pss_kb(pid) for pid in ours) / 1024


def _line_of(pid: int, parents: dict[int, int]) -> list[int]:
    line = [pid]
    while line[-1] in parents:
        line.append(parents[line[-1]])
    return line


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--viewers", type=int, default=1)
    parser.add_argument("--browser", choices=("chromium", "firefox"), default="chromium")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, run_app(Path(name), script=SCRIPT) as app:
        if options.browser == "firefox":
            in_firefox(Path(name), app, options.seconds)
        else:
            in_chromium(Path(name), app, options.seconds, options.viewers)


if __name__ == "__main__":
    main()
