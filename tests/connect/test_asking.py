"""What a real coturn says to this machine."""

import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from fer_core.connect import Ice, IceServer, ask_servers, time_limited
from fer_core.connect.asking import Answer
from tests.connect.coturn import PASSWORD, SECRET, USER, free_port, needs_coturn, run_coturn


def turn_at(port: int, username: str, password: str | SecretStr, transport: str = "udp") -> Ice:
    secret = password if isinstance(password, SecretStr) else SecretStr(password)
    return Ice((IceServer((f"turn:127.0.0.1:{port}?transport={transport}",), username, secret),))


def limited(port: int, secret: str, ends_in_s: int, transport: str = "udp") -> Ice:
    return turn_at(port, *time_limited(SecretStr(secret), int(time.time()) + ends_in_s), transport)


@needs_coturn
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_coturn_takes_what_its_secret_made_until_it_ends_and_refuses_another_secret(tmp_path: Path, transport: str):
    with run_coturn(tmp_path) as port:
        (works,) = ask_servers(limited(port, SECRET, 600, transport))
        (wrong,) = ask_servers(limited(port, "a-wrong-secret", 600, transport))
        (ended,) = ask_servers(limited(port, SECRET, -60, transport))
    assert (works.outcome, works.detail) == ("works", "127.0.0.1")
    assert works.ms > 0
    assert (wrong.outcome, wrong.detail) == ("unauthorized", "401 Unauthorized")
    assert ended.outcome == "unauthorized"


@needs_coturn
def test_coturn_takes_a_name_and_password_and_answers_stun(tmp_path: Path):
    with run_coturn(tmp_path, static=True) as port:
        stun = Ice((IceServer((f"stun:127.0.0.1:{port}",)),))
        assert [answer.outcome for answer in ask_servers(turn_at(port, USER, PASSWORD))] == ["works"]
        assert [answer.outcome for answer in ask_servers(turn_at(port, USER, "another"))] == ["unauthorized"]
        (seen,) = ask_servers(stun)
    assert (seen.outcome, seen.detail) == ("works", "127.0.0.1")


def test_servers_that_are_away_are_told_apart_and_take_no_longer_than_the_wait():
    port = free_port()
    urls = f"turn:127.0.0.1:{port}?transport=udp", f"turn:127.0.0.1:{port}?transport=tcp", "turn:nowhere.invalid"
    ice = Ice((IceServer((f"stun:127.0.0.1:{port}",)), IceServer(urls, "u", SecretStr("p"))))
    started_s = time.monotonic()
    answers = ask_servers(ice, wait_s=0.5)
    assert time.monotonic() - started_s < 5
    assert [answer.outcome for answer in answers] == ["silent", "silent", "silent", "unknown host"]
    assert [answer.url for answer in answers] == [f"stun:127.0.0.1:{port}", *urls]


def test_nobody_is_asked_where_there_are_no_servers():
    assert ask_servers(Ice()) == ()


def test_answer_says_no_password():
    assert "password" not in repr(Answer("turn:a", "works"))
