"""Providers of TURN servers, played by a server on loopback."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from fer_core.connect import IceServer, SeldomAsked, ask_provider, ice_of, providers
from fer_core.errors import FerError

KEYS = {
    "cloudflare": {"CLOUDFLARE_TURN_KEY_ID": "k1", "CLOUDFLARE_TURN_KEY_API_TOKEN": "t0ken"},
    "twilio": {"TWILIO_ACCOUNT_SID": "k1", "TWILIO_AUTH_TOKEN": "t0ken"},
    "huggingface": {"HF_TOKEN": "t0ken"},
}
GIVEN = {"username": "u", "credential": "p"}
ANSWERS = {
    "cloudflare": {"iceServers": [{"urls": ["stun:s"]}, {"urls": ["turn:t?transport=udp", "turns:t"], **GIVEN}]},
    "twilio": {"ice_servers": [{"url": "stun:s", "urls": "stun:s"}, {"urls": "turn:t", **GIVEN}]},
    "huggingface": GIVEN,
}
URLS = {
    "cloudflare": [("stun:s",), ("turn:t?transport=udp", "turns:t")],
    "twilio": [("stun:s",), ("turn:t",)],
    "huggingface": [("turn:gradio-turn.com:80",)],
}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """What the provider answers (``body``, ``status``), and the requests it got."""
    playing = SimpleNamespace(body={}, status=200, requests=[])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            playing.requests.append((self.command, self.path, dict(self.headers)))
            self.send_response(playing.status)
            self.end_headers()
            self.wfile.write(json.dumps(playing.body).encode())

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(providers, "ADDRESSES", dict.fromkeys(KEYS, address))
    yield playing
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", list(KEYS))
def test_provider_gives_servers_that_end(settings, provider, name):
    provider.body = ANSWERS[name]
    ice = ice_of(settings(FER_TURN_PROVIDER=name, **KEYS[name]), 0.0, ask=ask_provider)
    assert [server.urls for server in ice.servers] == URLS[name]
    assert ice.turn_servers[0].as_dict() == {"urls": [URLS[name][-1][0]], **GIVEN}
    assert ice.expires_s == pytest.approx(time.time() + providers.TTL_S, abs=60)
    (_, path, headers), *_ = provider.requests
    assert headers["User-Agent"] == "fer-studio"
    assert "t0ken" not in path


@pytest.mark.parametrize("name", list(KEYS))
@pytest.mark.parametrize(
    ("status", "body", "said"),
    [(401, {}, "status 401. Correct its keys"), (500, {}, "status 500. Try again later"), (200, {"else": 1}, "something else")],
)
def test_provider_that_refuses_is_a_sentence_without_keys(settings, provider, name, status, body, said):
    provider.status, provider.body = status, body
    with pytest.raises(FerError, match=said) as error:
        ask_provider(settings(FER_TURN_PROVIDER=name, **KEYS[name]))
    assert name in str(error.value)
    assert "t0ken" not in str(error.value)
    assert error.value.__cause__ is None


@pytest.mark.parametrize(
    ("name", "missing"),
    [("cloudflare", "CLOUDFLARE_TURN_KEY_ID"), ("twilio", "TWILIO_ACCOUNT_SID"), ("huggingface", "HF_TOKEN")],
)
def test_missing_key_is_named(settings, provider, name, missing):
    with pytest.raises(FerError, match=f"{missing}: expected the provider's key"):
        ask_provider(settings(FER_TURN_PROVIDER=name))
    assert provider.requests == []


def test_provider_that_is_away_says_so(settings, monkeypatch):
    monkeypatch.setattr(providers, "ADDRESSES", dict.fromkeys(KEYS, "http://127.0.0.1:9"))
    with pytest.raises(FerError, match=r"expected twilio to answer within 5 s"):
        ask_provider(settings(FER_TURN_PROVIDER="twilio", **KEYS["twilio"]))


def test_provider_is_asked_once_for_all_and_again_at_half_time(settings):
    now, asked = [1000.0], []

    def ask(given: object) -> tuple[tuple[IceServer, ...], float]:
        asked.append(given)
        return (IceServer(("turn:t",)),), now[0] + 100

    seldom = SeldomAsked(ask, clock=lambda: now[0])
    given = settings(FER_TURN_PROVIDER="twilio")
    assert seldom(given) == seldom(given) == ((IceServer(("turn:t",)),), 1100.0)
    now[0] = 1049.0
    seldom(given)
    assert len(asked) == 1
    now[0] = 1050.0
    assert seldom(given)[1] == 1150.0
    assert len(asked) == 2
    seldom(settings(FER_TURN_PROVIDER="cloudflare"))
    assert len(asked) == 3, "other settings are another question"


def test_provider_that_refused_is_left_alone_for_a_while(settings):
    now, asked = [0.0], []

    def refuse(given: object) -> tuple[tuple[IceServer, ...], float]:
        asked.append(given)
        raise FerError("no")

    seldom = SeldomAsked(refuse, clock=lambda: now[0])
    given = settings(FER_TURN_PROVIDER="twilio")
    for at_s in (0.0, 59.0, 60.0):
        now[0] = at_s
        with pytest.raises(FerError, match="no"):
            seldom(given)
    assert len(asked) == 2
