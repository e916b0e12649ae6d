import base64
import hashlib
import hmac
import logging

import pytest
from pydantic import SecretStr

from fer_core.connect import Ice, IceServer, ice_of, time_limited
from fer_core.errors import FerError

TURN = "turn:turn.example.org:3478?transport=udp"
SECRETS = {
    "FER_TURN_SECRET": "s3cret-of-coturn",
    "FER_TURN_PASSWORD": "s3cret-password",
    "CLOUDFLARE_TURN_KEY_ID": "s3cret-key-id",
    "CLOUDFLARE_TURN_KEY_API_TOKEN": "s3cret-key-token",
    "TWILIO_ACCOUNT_SID": "s3cret-sid",
    "TWILIO_AUTH_TOKEN": "s3cret-auth",
    "HF_TOKEN": "s3cret-hf",
}


def nobody(_: object) -> tuple[tuple[IceServer, ...], float]:
    raise AssertionError("no provider is asked")


def test_ice_of_no_settings_asks_nobody(settings):
    ice = ice_of(settings(), 0.0, ask=nobody)
    assert ice == Ice()
    assert ice.configuration() == {"iceServers": [], "iceTransportPolicy": "all"}


def test_ice_of_a_secret_gives_a_password_that_ends(settings):
    ice = ice_of(
        settings(FER_TURN_URLS=f"{TURN}, turns:b.example.org", FER_TURN_SECRET="abc", FER_TURN_TTL_S="600"), 1000.5, ask=nobody
    )
    (server,) = ice.configuration()["iceServers"]
    expected = base64.b64encode(hmac.new(b"abc", b"1600:fer", hashlib.sha1).digest()).decode()
    assert server == {"urls": [TURN, "turns:b.example.org"], "username": "1600:fer", "credential": expected}
    assert (ice.expires_s, ice.source) == (1600, "secret")
    assert [one.urls for one in ice.turn_servers] == [(TURN,), ("turns:b.example.org",)]


def test_time_limited_is_what_coturns_own_documentation_computes():
    # printf '1433895918:user' | openssl dgst -sha1 -hmac north -binary | base64
    username, password = time_limited(SecretStr("north"), 1433895918, "user")
    assert username == "1433895918:user"
    assert password.get_secret_value() == base64.b64encode(hmac.digest(b"north", b"1433895918:user", "sha1")).decode()
    assert len(base64.b64decode(password.get_secret_value())) == 20


def test_ice_of_static_credentials_and_stun(settings):
    given = settings(
        FER_STUN_URLS="stun:a:1,stun:b",
        FER_TURN_URLS=TURN,
        FER_TURN_USERNAME="me",
        FER_TURN_PASSWORD="pw",
        FER_ICE_TRANSPORT="relay",
    )
    ice = ice_of(given, 0.0, ask=nobody)
    assert ice.configuration() == {
        "iceServers": [{"urls": ["stun:a:1", "stun:b"]}, {"urls": [TURN], "username": "me", "credential": "pw"}],
        "iceTransportPolicy": "relay",
    }
    assert ice.stun_urls == ("stun:a:1", "stun:b")


def test_ice_of_a_provider_asks_it(settings):
    servers = (IceServer(("turn:their.example.org",), "u", SecretStr("p")),)
    ice = ice_of(settings(FER_TURN_PROVIDER="cloudflare"), 0.0, ask=lambda _: (servers, 77.0))
    assert (ice.servers, ice.expires_s, ice.source) == (servers, 77.0, "provider")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"FER_TURN_URLS": TURN}, "FER_TURN_USERNAME"),
        ({"FER_TURN_URLS": TURN, "FER_TURN_USERNAME": "me"}, "FER_TURN_PASSWORD"),
        ({"FER_ICE_TRANSPORT": "relay"}, "FER_ICE_TRANSPORT: expected a TURN server"),
        ({"FER_STUN_URLS": "turn:a"}, "FER_STUN_URLS: expected addresses like stun:"),
        ({"FER_TURN_URLS": "turn.example.org"}, "FER_TURN_URLS: expected addresses like turn:"),
        ({"FER_TURN_URLS": "turn:a:b:c"}, "received 'turn:a:b:c'"),
    ],
)
def test_ice_of_settings_that_do_not_go_together_says_what_is_missing(settings, variables, said):
    with pytest.raises(FerError, match=said.replace("(", r"\(")):
        ice_of(settings(**variables), 0.0, ask=nobody)


def test_address_with_a_password_in_it_is_not_repeated(settings):
    with pytest.raises(FerError) as error:
        ice_of(settings(FER_TURN_URLS="turn:me:s3cret@turn.example.org"), 0.0, ask=nobody)
    assert "s3cret" not in str(error.value)
    assert "turn.example.org" in str(error.value)


def test_secrets_are_in_no_repr_no_error_and_no_log(settings, caplog):
    caplog.set_level(logging.DEBUG)
    given = settings(FER_TURN_URLS=TURN, FER_TURN_USERNAME="me", **SECRETS)
    static = ice_of(given.model_copy(update={"turn_secret": None}), 0.0, ask=nobody)
    limited = ice_of(given, 0.0, ask=nobody)
    with pytest.raises(FerError) as error:
        settings(FER_TURN_TTL_S="much", FER_LIVE_MODE="nowhere")
    shown = f"{given!r} {given} {static!r} {limited!r} {static.servers} {error.value} {caplog.text}"
    assert [secret for secret in SECRETS.values() if secret in shown] == []
    password = limited.turn_servers[0].as_dict()["credential"]
    assert password not in shown
    assert SECRETS["FER_TURN_SECRET"] not in str(limited.configuration()), "the browser gets what is made of it only"


@pytest.mark.parametrize("name", ["FER_TURN_USERNAME", "FER_TURN_PROVIDER", "FER_TURN_SECRET", "FER_STUN_URLS"])
def test_empty_variable_is_unset(settings, name):
    assert ice_of(settings(**{name: ""}), 0.0, ask=nobody) == Ice()
