"""Part by part: result and remedy."""

from dataclasses import replace

import pytest
from pydantic import SecretStr

from fer_core.connect import (
    Answer,
    Facts,
    Finding,
    Gathered,
    Ice,
    IceError,
    IceServer,
    Path,
    Seen,
    can_run_in_browser,
    findings_of,
)

FACTS = Facts(True, True, False, "granted", 1, True, True, True, True)
TURN = IceServer(("turn:t.example.org:3478?transport=udp",), "1000:fer", SecretStr("pw"))
SECRET = Ice((TURN,), expires_s=1000, source="secret")
STUN = Ice((IceServer(("stun:s.example.org",)),))
FOUND = Gathered({"host": 2, "relay": 1})
OPEN = Path("open", 12.3, "relay")


def of(part: str, **seen: object) -> Finding:
    given = {"ice": Ice(), "facts": FACTS} | seen
    (found,) = [finding for finding in findings_of(Seen(**given)) if finding.part == part]  # type: ignore[arg-type]
    return found


def answered(outcome: str, detail: str = "", url: str = TURN.urls[0]) -> tuple[Answer, ...]:
    return (Answer(url, outcome, detail),)  # type: ignore[arg-type]


def test_findings_come_in_the_order_of_the_way_and_none_before_the_page_reported():
    names = [finding.part for finding in findings_of(Seen(Ice(), FACTS))]
    assert names == [
        *("Secure page", "Camera permission", "Camera", "WebSocket", "Ways out", "STUN", "TURN", "Video to the server"),
        "In this browser",
    ]
    assert findings_of(Seen(Ice())) == ()


def test_all_is_well():
    ice = Ice((*STUN.servers, TURN), expires_s=1000, source="secret")
    answers = answered("works") + answered("works", url="stun:s.example.org")
    found = findings_of(Seen(ice, FACTS, answers=answers, gathered=FOUND, path=OPEN, now_s=1))
    assert {finding.state for finding in found} == {"works"}
    assert not any(finding.remedy for finding in found)
    assert found[-2].result == "comes through by the TURN server in 12 ms"


def test_nothing_is_a_fault_before_it_was_looked_at():
    found = findings_of(Seen(SECRET, replace(FACTS, permission="prompt", cameras=None)))
    assert [finding.part for finding in found if finding.state == "fails"] == []
    assert [finding.part for finding in found if finding.state == "open"] == [
        *("Camera permission", "Camera", "Ways out", "TURN", "Video to the server"),
    ]


@pytest.mark.parametrize(
    ("part", "changes", "result", "remedy"),
    [
        ("Secure page", {"secure": False, "media": False}, "http from another machine", "Open it over https"),
        ("Camera permission", {"permission": "denied"}, "refuses", "allow the camera"),
        ("Camera permission", {"framed": True, "media": False}, "another site's page", 'allow="camera"'),
        ("Camera", {"cameras": 0}, "none was found", "Connect one"),
        ("Camera", {"media": False}, "gives pages no camera", "Use a current Chrome"),
        ("Ways out", {"webrtc": False}, "has no WebRTC", "Allow WebRTC"),
        ("In this browser", {"wasm": False, "simd": False}, "lacks WebAssembly", "Update the browser"),
        ("In this browser", {"simd": False}, "lacks SIMD in WebAssembly", "Update the browser"),
    ],
)
def test_browser_that_lacks_something_is_told_what_and_what_to_do(part, changes, result, remedy):
    found = of(part, facts=replace(FACTS, **changes))
    assert found.state == "fails"
    assert result in found.result
    assert remedy in found.remedy


@pytest.mark.parametrize(
    ("error", "part", "remedy"),
    [
        ("NotAllowedError", "Camera permission", "allow the camera"),
        ("NotReadableError", "Camera", "Close the call, tab or program"),
        ("NotFoundError", "Camera", "Connect one"),
    ],
)
def test_refusal_of_the_camera_is_told_apart(error, part, remedy):
    found = of(part, camera_error=error)
    assert found.state == "fails"
    assert remedy in found.remedy
    others = [finding.part for finding in findings_of(Seen(Ice(), FACTS, error)) if finding.state == "fails"]
    assert others == [part]


@pytest.mark.parametrize(
    ("ice", "answers", "result", "remedy"),
    [
        (SECRET, answered("unauthorized", "401 Unauthorized"), "t.example.org:3478 refuses the name", "FER_TURN_SECRET"),
        (replace(SECRET, source="static"), answered("unauthorized", "401"), "refuses the name", "FER_TURN_USERNAME"),
        (
            replace(SECRET, source="provider"),
            answered("unauthorized", "401"),
            "refuses the name",
            "the account at the provider",
        ),
        (SECRET, answered("silent"), "does not answer", "open UDP 3478"),
        (SECRET, answered("silent", url="turn:t:80?transport=tcp"), "does not answer", "open TCP 80"),
        (SECRET, answered("unknown host"), "no machine called t.example.org", "Correct the name"),
        (SECRET, answered("untrusted", "CERTIFICATE_VERIFY_FAILED"), "not trusted", "certificate for that name"),
        (SECRET, answered("full", "486 Allocation Quota Reached"), "no room (486", "total-quota"),
        (SECRET, answered("refused", "403 Forbidden"), "403 Forbidden", "coturn's log"),
    ],
)
def test_turn_server_that_fails_is_named_with_its_remedy(ice, answers, result, remedy):
    found = of("TURN", ice=ice, answers=answers, gathered=Gathered({"host": 1}))
    assert (found.state, found.for_host) == ("fails", True)
    assert result in found.result
    assert remedy in found.remedy


def test_turn_credentials_that_have_ended_are_named():
    found = of("TURN", ice=SECRET, answers=answered("unauthorized", "401"), now_s=1000.0)
    assert found.result == "the name and password for it have ended"
    assert "Reload the page" in found.remedy


def test_settings_that_do_not_go_together_are_named():
    found = of("TURN", trouble="FER_TURN_URLS: expected a secret.")
    assert (found.state, found.remedy) == ("fails", "FER_TURN_URLS: expected a secret.")


def test_turn_server_that_answers_only_the_server_points_to_tcp_and_tls():
    udp = of("TURN", ice=SECRET, answers=answered("works"), gathered=Gathered({"host": 1}))
    assert udp.result == "it answers the server, but not your browser"
    assert "?transport=tcp" in udp.remedy
    tls = replace(SECRET, servers=(replace(TURN, urls=("turns:t:5349",)),))
    over_tls = of("TURN", ice=tls, answers=answered("works", url="turns:t:5349"), gathered=Gathered({"host": 1}))
    assert "turns:HOST:443" in over_tls.remedy


def test_turn_server_that_only_the_browser_reaches_works():
    found = of("TURN", ice=SECRET, answers=answered("silent"), gathered=FOUND)
    assert found.state == "works"
    assert "the server itself does not reach it" in found.result


def test_turn_server_that_refuses_the_browser_alone_says_so():
    gathered = Gathered({}, (IceError("turn:t", 401, "Unauthorized"),))
    found = of("TURN", ice=SECRET, answers=answered("works"), gathered=gathered)
    assert found.result == "it refuses your browser (401 Unauthorized)"
    assert "FER_TURN_SECRET" in found.remedy


def test_stun_server_that_is_away_is_said_but_none_is_no_fault():
    assert of("STUN").state == "note"
    found = of("STUN", ice=STUN, answers=answered("silent", url="stun:s.example.org"))
    assert found.result == "s.example.org:3478 does not answer the server (silent)"
    assert "FER_STUN_URLS" in found.remedy


def test_way_that_is_closed_points_to_the_browser_and_to_turn_where_none_is_set_up():
    closed = Path("failed")
    found = of("Video to the server", path=closed, answers=())
    assert found.state == "fails"
    assert "Choose In this browser" in found.remedy
    assert "FER_TURN_URLS" in found.remedy
    assert "FER_TURN_URLS" not in of("Video to the server", path=closed, ice=SECRET, answers=answered("works")).remedy
    alone = of("Video to the server", path=closed, may_choose=False)
    assert alone.remedy.startswith("Take a photo or give a picture")


def test_browser_without_any_way_out_is_told_apart_from_a_turn_server_that_gave_none():
    assert "the browser found none" in of("Ways out", gathered=Gathered({})).result
    relay = of("Ways out", gathered=Gathered({}), ice=replace(SECRET, policy="relay"))
    assert relay.result == "the TURN server alone is allowed, and gave none"


def test_can_run_in_browser_needs_wasm_simd_and_a_camera():
    assert can_run_in_browser(FACTS)
    assert not can_run_in_browser(None)
    assert not any(can_run_in_browser(replace(FACTS, **{name: False})) for name in ("wasm", "simd", "media"))
