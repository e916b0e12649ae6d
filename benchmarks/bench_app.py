"""How soon the first page stands, how much memory the app takes, and that nothing heavy is imported.

    python -m benchmarks.bench_app [--rounds 3]

Times run from the start of the process, FER_HOME empty, to the first page drawn in Chromium. Memory is the proportional set
size (Linux) of the app's process with all pages visited and one camera on. Imports are read from the interpreter's own account.
"""

import argparse
import re
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.camera import write_camera_file
from tests.browser.server import App, forbidden_imports, launch_chromium, run_app
from tests.browser.video import frames_go_on, start
from tests.browser.waiting import PAGE_MS, TITLES, open_page

FRAMES_WATCHED = 200


def main() -> None:
    """Print one table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch_chromium(playwright, write_camera_file(Path(folder) / "face.y4m"))
        firsts = [first_page_s(browser, Path(folder) / f"start-{index}") for index in range(rounds)]
        idle, busy, imported = visit_all(browser, Path(folder) / "all")
        browser.close()
    print("| what | measured | goal |\n|---|---|---|")
    for name, times in zip(("its title", "the whole first page"), zip(*firsts, strict=True), strict=True):
        each = ", ".join(f"{seconds:.1f}" for seconds in times)
        print(f"| process start to {name}, s | {statistics.median(times):.1f} ({each}) | 3 at most |")
    print(f"| memory after the first page, MB | {idle:.0f} | |")
    print(f"| memory, all pages visited, one camera on, MB | {busy:.0f} | 500 at most |")
    print(f"| forbidden imports | {', '.join(sorted(imported)) or 'none'} | none |")


def first_page_s(browser: Browser, folder: Path) -> tuple[float, float]:
    """Start the app with an empty home and open it; seconds until the overview's title and until all of it is drawn."""
    page = browser.new_page()
    with run_app(folder) as app:
        page.goto(app.url)
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PAGE_MS)
        title_s = time.monotonic() - app.started_s
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=PAGE_MS)
        whole_s = time.monotonic() - app.started_s
    page.close()
    return title_s, whole_s


def visit_all(browser: Browser, folder: Path) -> tuple[float, float, set[str]]:
    """Visit all pages and let the camera run: MB after the first page, MB at the end, forbidden imports."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    with run_app(folder, PYTHONPROFILEIMPORTTIME="1") as app:
        open_page(page, app)
        idle = pss_mb(app)
        for path in TITLES:
            open_page(page, app, path)
        frames_go_on(page, start(page), more=FRAMES_WATCHED)
        return idle, pss_mb(app), forbidden_imports(app)


def pss_mb(app: App) -> float:
    """Proportional set size of the app's process, in MB of 2^20 bytes; not a number where the system does not tell."""
    try:
        report = Path(f"/proc/{app.pid}/smaps_rollup").read_text()
    except OSError:
        return float("nan")
    found = re.search(r"^Pss:\s+(\d+) kB", report, re.MULTILINE)
    return int(found[1]) / 1024 if found else float("nan")


if __name__ == "__main__":
    main()
