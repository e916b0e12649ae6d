"""One viewer's check, from what the page reports to what the page is passed."""

import time
from concurrent.futures import Future
from dataclasses import replace

import pytest
from pydantic import SecretStr

from fer_core.connect import Answer, Ice, IceServer
from fer_core.settings import load_settings
from fer_core.ui import live_check, show_check
from fer_core.ui.live_check import Check
from fer_core.ui.live_ice import IceNow

FACTS = {"secure": True, "media": True, "permission": "granted", "cameras": 1, "webrtc": True, "wasm": True, "simd": True}
UDP, TCP = "turn:t:1?transport=udp", "turn:t:1?transport=tcp"
ICE = Ice((IceServer((UDP, TCP), "u", SecretStr("p")),), expires_s=time.time() + 1000, source="secret")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Ice]]:
    """Servers of which only TCP answers, and the probes that were answered."""
    probes: list[tuple[str, Ice]] = []
    monkeypatch.setattr(live_check, "ask_servers", lambda ice, wait_s: (Answer(UDP, "silent"), Answer(TCP, "works")))
    monkeypatch.setattr(live_check, "answer_probe", lambda offer, ice: probes.append((offer, ice)) or "an answer")
    return probes


def checking(ice: Ice = ICE) -> Check:
    check = Check()
    check.use(IceNow(ice, "", float("inf"), load_settings()))
    check.take_facts(FACTS)
    return check


def test_page_is_passed_the_servers_only_while_a_check_runs(asked):
    check = checking()
    assert check.data() == {"session": check.session, "ask": 0, "configuration": None, "answer": None}
    check.begin()
    assert check.running
    assert check.data()["configuration"]["iceServers"][0]["urls"] == [UDP, TCP]
    check.take_ways({"ask": 1, "sdp": "v=0", "counts": {"host": 1, "relay": 1}, "errors": []})
    assert check.data()["answer"] == {"ask": 1, "sdp": "an answer"}
    assert check.flows is None
    check.take_path({"ask": 1, "state": "open", "ms": 5, "way": "relay"})
    assert (check.flows, check.running) == (True, False)
    assert check.data() == {"session": check.session, "ask": 1, "configuration": None, "answer": None}
    assert {finding.state for finding in check.findings()} <= {"works", "note"}


def test_probe_is_answered_with_the_servers_that_work(asked):
    check = checking()
    check.begin()
    check.take_ways({"ask": 1, "sdp": "v=0", "counts": {"host": 1}})
    ((offer, ice),) = asked
    assert (offer, [server.urls for server in ice.servers]) == ("v=0", [(TCP,)])


def test_report_of_an_earlier_check_is_not_taken(asked):
    check = checking()
    check.begin()
    check.begin()
    check.take_ways({"ask": 1, "sdp": "v=0", "counts": {"host": 1}})
    check.take_path({"ask": 1, "state": "failed"})
    assert asked == []
    assert (check.flows, check.running) == (None, True)


def test_check_whose_page_never_reports_ends(asked, monkeypatch):
    check = checking()
    check.begin()
    monkeypatch.setattr(live_check, "LONGEST_S", -1.0)
    assert not check.running


def test_other_servers_make_what_was_found_of_the_old_ones_forgotten(asked):
    check = checking()
    check.begin()
    check.take_ways({"ask": 1, "sdp": "v=0", "counts": {"host": 1}})
    check.take_path({"ask": 1, "state": "open"})
    check.use(IceNow(replace(ICE, servers=()), "", float("inf"), load_settings()))
    assert check.flows is None
    assert check.seen.facts is not None, "the browser is the same"


@pytest.mark.parametrize(
    ("state", "camera", "error"),
    [
        ("idle", "idle", ""),
        ("asking", "asking", ""),
        ("given", "given", ""),
        ("stopped", "stopped", ""),
        ("NotReadableError", "failed", "NotReadableError"),
        ("<b>", "failed", ""),
    ],
)
def test_camera_is_what_the_page_says(state, camera, error):
    check = checking()
    check.take_camera({"state": state, "n": 1})
    assert (check.camera, check.seen.camera_error) == (camera, error)


def test_time_since_the_camera_was_given_is_kept_while_it_is_on(monkeypatch: pytest.MonkeyPatch):
    check, times = Check(), []
    for now_s, state in enumerate(("asking", "given", "given", "stopped", "given", "NotReadableError")):
        monkeypatch.setattr(live_check.time, "monotonic", lambda now_s=now_s: float(now_s))
        check.take_camera({"state": state})
        times.append(check.given_s)
    assert times == [None, 1.0, 1.0, None, 4.0, None]


def test_video_is_taken_over_only_where_it_was_on_before_the_session():
    for states, taken_over in (["given"], True), (["idle", "asking", "given"], False), (["given", "stopped"], False):
        check = checking()
        for state in states:
            check.take_camera({"state": state})
        assert check.taken_over is taken_over


@pytest.mark.parametrize("given", [None, "x", 3, {}, {"ask": "1"}, {"counts": 3}])
def test_nonsense_from_a_page_does_no_harm(asked, given):
    check = checking()
    check.begin()
    check.take_ways(given)
    check.take_path(given)
    check.take_camera(given)
    check.take_facts(given)
    assert check.findings() == () or check.seen.facts is not None


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> list[Ice]:
    """Servers that are away; gives what was asked."""
    asked: list[Ice] = []

    def ask(ice: Ice) -> Future[tuple[Answer, ...]]:
        asked.append(ice)
        answers: Future[tuple[Answer, ...]] = Future()
        answers.set_result((Answer(UDP, "silent"), Answer(TCP, "silent")))
        return answers

    monkeypatch.setattr(live_check, "_ask", ask)
    return asked


def test_what_servers_answer_to_a_start_tells_before_the_page_has_reported(away):
    check = checking()
    check.look_ahead(active=True)
    check.look_ahead(active=True)
    check.begin()
    assert away == [ICE]
    turn = {finding.part: finding for finding in check.findings(soon=True)}["TURN"]
    assert (turn.state, turn.result) == ("fails", "t:1 does not answer")
    assert {finding.part: finding.state for finding in check.findings()}["TURN"] == "open"


def test_servers_are_asked_anew_at_the_next_start_and_when_an_answer_is_old(away, monkeypatch):
    check = checking()
    check.begin()
    check.look_ahead(active=True)
    check.look_ahead(active=False)
    check.look_ahead(active=True)
    assert away == [ICE] * 3
    monkeypatch.setattr(live_check, "FRESH_S", 0.0)
    check.begin()
    assert away == [ICE] * 4


def test_nobody_is_asked_where_no_server_is_set_up(away):
    checking(Ice()).look_ahead(active=True)
    assert away == []


@pytest.mark.parametrize(("whose", "camera"), [("mine", "given"), ("another's", "idle")])
def test_what_the_page_said_is_taken_where_its_callback_was_skipped(whose: str, camera: str, monkeypatch: pytest.MonkeyPatch):
    check = Check()
    told = {"camera": {"session": check.session if whose == "mine" else whose, "state": "given", "n": 1}}
    monkeypatch.setattr(show_check.st, "session_state", {show_check.KEY: told})
    show_check._take_again(check, {"camera": check.take_camera, "facts": check.take_facts})
    assert (check.camera, check.given_s is not None) == (camera, camera == "given")
