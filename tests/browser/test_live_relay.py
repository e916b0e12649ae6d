"""Video by a real TURN server alone, and what the page says where that server fails."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pydantic import SecretStr

from fer_core.connect import time_limited
from tests.browser.network import held
from tests.browser.server import App, run_app
from tests.browser.video import frames_go_on, player_of, start
from tests.browser.waiting import PAGE_MS, open_page
from tests.connect.coturn import SECRET, free_port, needs_coturn, run_coturn

LIVE_S = 8.0
"""From START to the first frame."""
TRIES = 3
"""Another program may hold up one."""
CHECK_MS = 40_000
pytestmark = needs_coturn


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "turn").mkdir()
    return tmp_path


@pytest.fixture
def relayed(folder: Path) -> Iterator[App]:
    with run_coturn(folder / "turn") as port, run_app(folder, **relay_at(port)) as app:
        yield app


def relay_at(port: int, **variables: str) -> dict[str, str]:
    """Nothing but this TURN server, and no way around it."""
    secret = {} if "FER_TURN_USERNAME" in variables else {"FER_TURN_SECRET": SECRET}
    urls = f"turn:127.0.0.1:{port}?transport=udp"
    return {"FER_TURN_URLS": urls, "FER_ICE_TRANSPORT": "relay", "FER_LIVE_MODE": "server", **secret, **variables}


def check(page: Page) -> str:
    """Press *Check the connection*; gives what the list of parts says in the end."""
    page.get_by_text("Connection check", exact=True).click()
    page.get_by_role("button", name="Check the connection").click()
    expect(page.locator(".fer-check")).to_contain_text(re.compile("comes through|nothing comes"), timeout=CHECK_MS)
    return page.locator(".fer-check").inner_text()


def press_start(page: Page) -> None:
    player_of(page).get_by_role("button", name="START").click()


def test_video_comes_by_the_turn_server_alone_within_8_s(page: Page, relayed: App):
    open_page(page, relayed, "live")
    took_s = []
    for _ in range(TRIES):
        expect(player_of(page).get_by_role("button", name="START")).to_be_enabled(timeout=PAGE_MS)
        started_s = time.monotonic()
        video = start(page)
        took_s.append(time.monotonic() - started_s)
        frames_go_on(page, video)
        player_of(page).get_by_role("button", name="STOP").click()
    assert min(took_s) < LIVE_S
    assert SECRET not in page.content()
    assert SECRET not in relayed.log.read_text()


def test_check_finds_the_way_by_the_turn_server_and_tells_the_page_no_secret(page: Page, relayed: App):
    received: list[bytes | str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(frame)))
    open_page(page, relayed, "live")
    said = check(page)
    assert "by the TURN server in" in said
    assert "takes its name and password and relays" in said
    traffic = b"".join(frame.encode() if isinstance(frame, str) else frame for frame in received)
    assert b"iceServers" in traffic
    assert SECRET.encode() not in traffic


def test_wrong_secret_is_named_by_the_check_and_by_a_start_that_fails(page: Page, folder: Path):
    with run_coturn(folder / "turn", secret="another-secret") as port, run_app(folder, **relay_at(port)) as app:
        open_page(page, app, "live")
        said = check(page)
        assert f"127.0.0.1:{port} refuses the name and password (401 Unauthorized)" in said
        assert "set FER_TURN_SECRET to what coturn has as static-auth-secret" in said
        press_start(page)
        expect(page.get_by_text("No video arrives")).to_contain_text("The secret is wrong", timeout=20_000)
        expect(page.get_by_text("No video arrives")).to_contain_text("refuses the name and password")


def test_turn_server_that_is_down_is_named_by_a_start_that_fails(page: Page, folder: Path):
    port = free_port()
    with run_app(folder, **relay_at(port)) as app:
        open_page(page, app, "live")
        press_start(page)
        expect(page.get_by_text("No video arrives")).to_contain_text(f"127.0.0.1:{port} does not answer", timeout=30_000)
        expect(page.get_by_text("No video arrives")).to_contain_text(f"open UDP {port}")


def test_credentials_that_ended_are_refused_and_the_remedy_said(page: Page, folder: Path):
    username, password = time_limited(SecretStr(SECRET), int(time.time()) - 60)
    given = {"FER_TURN_USERNAME": username, "FER_TURN_PASSWORD": password.get_secret_value()}
    with run_coturn(folder / "turn") as port, run_app(folder, **relay_at(port, **given)) as app:
        open_page(page, app, "live")
        said = check(page)
        assert "refuses the name and password" in said
        assert "Set FER_TURN_USERNAME and FER_TURN_PASSWORD" in said


def test_turn_server_held_up_for_10_s_gives_the_video_back_by_itself(page: Page, folder: Path):
    with run_coturn(folder / "turn") as port, run_app(folder, **relay_at(port)) as app:
        open_page(page, app, "live")
        frames_go_on(page, start(page))
        with held(int((folder / "turn" / "turn.pid").read_text())):
            expect(page.get_by_text("The video was lost")).to_be_visible(timeout=30_000)
        expect(page.get_by_text("The video was lost")).to_be_hidden(timeout=60_000)
        frames_go_on(page, player_of(page).locator("video"))
