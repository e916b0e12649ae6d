"""The relay that deploy/ gives a host, with the real coturn."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from aioice.stun import TransactionFailed

from tests.deploy.turn import ROOT, SECRET, find_coturn, run_turn, word

needs_coturn = pytest.mark.skipif(
    find_coturn() is None and not os.environ.get("CI"), reason="no coturn on this machine; install the system's package coturn"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A relay that may send to this machine, as a host names it in FER_TURN_PEERS."""
    with run_turn(tmp_path_factory.mktemp("turn"), FER_TURN_PEERS="127.0.0.1") as server:
        yield server


@needs_coturn
def test_relay_takes_credentials_made_with_the_secret(server: tuple[str, int]):
    assert word(server) == b"hello"


@needs_coturn
def test_relay_refuses_another_secret(server: tuple[str, int]):
    with pytest.raises(TransactionFailed, match="401"):
        word(server, secret="another")


@needs_coturn
def test_relay_refuses_credentials_whose_time_is_over(server: tuple[str, int]):
    with pytest.raises(TransactionFailed, match="401"):
        word(server, lives_s=-60)


@needs_coturn
def test_relay_lets_nobody_into_the_machine_where_the_host_does_not_say_so(tmp_path: Path):
    with run_turn(tmp_path) as server, pytest.raises(TimeoutError):
        word(server)


@needs_coturn
def test_secret_is_on_no_command_line_in_no_log_and_in_a_file_that_only_its_owner_reads(tmp_path: Path):
    with run_turn(tmp_path):
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "turnserver" in listed
    assert SECRET not in listed
    assert SECRET not in (tmp_path / "turn.log").read_text()
    assert (tmp_path / "turnserver.conf").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("variables", "missing"), [({}, "FER_SITE"), ({"FER_SITE": "localhost"}, "FER_TURN_SECRET")], ids=["site", "secret"]
)
def test_turn_says_what_is_missing(variables: dict[str, str], missing: str):
    environment = {"PATH": os.environ["PATH"], **variables}
    ended = subprocess.run([ROOT / "deploy" / "turn.sh"], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert f"{missing}: expected" in ended.stderr
