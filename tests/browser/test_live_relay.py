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
from tests.browser.waiting import PAGE_MS, open_page, press_check
from tests.connect.coturn import SECRET, free_port, needs_coturn, run_coturn

LIVE_S = 8.0
"""From START to the first frame, or to why none comes."""
TRIES = 3
"""Another program may hold up one."""
CHECK_MS = 40_000
pytestmark = needs_coturn


@pytest.fixture(scope="module")
def turn_port() -> int:
    """Where the app looks for its TURN server; each test says what is there."""
    return free_port()


@pytest.fixture(scope="module")
def relayed(turn_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with run_app(tmp_path_factory.mktemp("relayed"), **relay_at(turn_port)) as app:
        yield app


def relay_at(port: int, **variables: str) -> dict[str, str]:
    """Nothing but this TURN server, and no way around it."""
    secret = {} if "FER_TURN_USERNAME" in variables else {"FER_TURN_SECRET": SECRET}
    urls = f"turn:127.0.0.1:{port}?transport=udp"
    return {"FER_TURN_URLS": urls, "FER_ICE_TRANSPORT": "relay", "FER_LIVE_MODE": "server", **secret, **variables}


def check(page: Page) -> str:
    """Press *Check the connection*; gives what the list of parts says in the end."""
    press_check(page)
    expect(page.locator(".fer-check")).to_contain_text(re.compile("comes through|nothing comes"), timeout=CHECK_MS)
    return page.locator(".fer-check").inner_text()


def press_start(page: Page) -> None:
    player_of(page).get_by_role("button", name="START").click()


def seconds_until_said(page: Page, why: str) -> float:
    """Press START until it is said in time why no video comes; gives the shortest time it took from START."""
    took_s: list[float] = []
    while not took_s or (took_s[-1] >= LIVE_S and len(took_s) < TRIES):
        if took_s:
            player_of(page).get_by_role("button", name="STOP").click()
            expect(player_of(page).get_by_role("button", name="START")).to_be_enabled(timeout=PAGE_MS)
        press_start(page)
        started_s = time.monotonic()
        expect(page.get_by_text("No video arrives")).to_contain_text(why, timeout=CHECK_MS)
        took_s.append(time.monotonic() - started_s)
    return min(took_s)


def test_video_comes_by_the_turn_server_alone_within_8_s(page: Page, relayed: App, turn_port: int, tmp_path: Path):
    took_s = [float("inf")]
    with run_coturn(tmp_path, port=turn_port):
        open_page(page, relayed, "live")
        while min(took_s) >= LIVE_S and len(took_s) <= TRIES:
            expect(player_of(page).get_by_role("button", name="START")).to_be_enabled(timeout=PAGE_MS)
            started_s = time.monotonic()
            video = start(page)
            took_s.append(time.monotonic() - started_s)
            frames_go_on(page, video)
            player_of(page).get_by_role("button", name="STOP").click()
    assert min(took_s) < LIVE_S
    assert SECRET not in page.content()
    assert SECRET not in relayed.log.read_text()


def test_check_finds_the_way_by_the_turn_server_and_tells_the_page_no_secret(
    page: Page, relayed: App, turn_port: int, tmp_path: Path
):
    received: list[bytes | str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(frame)))
    with run_coturn(tmp_path, port=turn_port):
        open_page(page, relayed, "live")
        said = check(page)
    assert "by the TURN server in" in said
    assert "takes its name and password and relays" in said
    traffic = b"".join(frame.encode() if isinstance(frame, str) else frame for frame in received)
    assert b"iceServers" in traffic
    assert SECRET.encode() not in traffic


def test_wrong_secret_is_named_by_the_check_and_by_a_start_that_fails(page: Page, relayed: App, turn_port: int, tmp_path: Path):
    with run_coturn(tmp_path, secret="another-secret", port=turn_port) as port:
        open_page(page, relayed, "live")
        said = check(page)
        assert f"127.0.0.1:{port} refuses the name and password (401 Unauthorized)" in said
        assert "set FER_TURN_SECRET to what coturn has as static-auth-secret" in said
        assert seconds_until_said(page, "The secret is wrong") < LIVE_S
        expect(page.get_by_text("No video arrives")).to_contain_text("refuses the name and password")


def test_turn_server_that_is_down_is_named_by_a_start_that_fails(page: Page, relayed: App, turn_port: int):
    open_page(page, relayed, "live")
    assert seconds_until_said(page, f"127.0.0.1:{turn_port} does not answer") < LIVE_S
    expect(page.get_by_text("No video arrives")).to_contain_text(f"open UDP {turn_port}")


def test_credentials_that_ended_are_refused_and_the_remedy_said(page: Page, tmp_path: Path):
    username, password = time_limited(SecretStr(SECRET), int(time.time()) - 60)
    given = {"FER_TURN_USERNAME": username, "FER_TURN_PASSWORD": password.get_secret_value()}
    with run_coturn(tmp_path) as port, run_app(tmp_path / "app", **relay_at(port, **given)) as app:
        open_page(page, app, "live")
        said = check(page)
        assert "refuses the name and password" in said
        assert "Set FER_TURN_USERNAME and FER_TURN_PASSWORD" in said


def test_turn_server_held_up_for_10_s_gives_the_video_back_by_itself(page: Page, relayed: App, turn_port: int, tmp_path: Path):
    with run_coturn(tmp_path, port=turn_port):
        open_page(page, relayed, "live")
        frames_go_on(page, start(page))
        with held(int((tmp_path / "turn.pid").read_text())):
            expect(page.get_by_text("The video was lost")).to_be_visible(timeout=30_000)
        expect(page.get_by_text("The video was lost")).to_be_hidden(timeout=60_000)
        frames_go_on(page, player_of(page).locator("video"))
