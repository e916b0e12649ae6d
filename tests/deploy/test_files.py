"""What deploy/ gives a host is whole: each file is one that its program accepts."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit
from streamlit import auth_util

from fer_core.settings import load_settings
from tests.deploy.turn import ROOT

DEPLOY = ROOT / "deploy"


def read_env(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)  # type: ignore[arg-type]


def test_env_example_is_accepted_by_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    for name, value in read_env(DEPLOY / "env.example").items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.owners == ()
    assert settings.max_viewers == 4


def test_env_example_names_every_variable_that_the_relay_and_caddy_read():
    named = set(read_env(DEPLOY / "env.example"))
    read = set(re.findall(r"FER_\w+", (DEPLOY / "turn.sh").read_text() + (DEPLOY / "compose.yaml").read_text()))
    assert read <= named


def test_secrets_example_is_what_signing_in_needs_once_it_is_filled_in(monkeypatch: pytest.MonkeyPatch):
    section = tomllib.loads((DEPLOY / "secrets.toml.example").read_text())["auth"]
    assert [name for name, value in section.items() if not value] == ["cookie_secret", "client_id", "client_secret"]
    filled = {name: value or "filled" for name, value in section.items()}
    monkeypatch.setattr(
        auth_util, "secrets_singleton", SimpleNamespace(load_if_toml_exists=lambda: True, get=lambda *_: filled)
    )
    auth_util.validate_auth_credentials("default")
    assert section["redirect_uri"].endswith("/oauth2callback")


def test_security_policy_knows_the_script_in_streamlits_page():
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text()
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert re.findall("'sha256-([^']+)'", (DEPLOY / "Caddyfile").read_text()) == digests


@pytest.mark.skipif(
    shutil.which("caddy") is None and not os.environ.get("CI"),
    reason="no Caddy on this machine; install the system's package caddy",
)
def test_caddyfile_is_one_that_caddy_accepts_and_writes_so_itself():
    command = ["caddy", "adapt", "--adapter", "caddyfile", "--validate", "--config", str(DEPLOY / "Caddyfile")]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "FER_SITE": "studio.example.org", "CADDY_ADMIN": "off"}
    checked = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert '"[::]:443"' in checked.stdout
    written = subprocess.run(["caddy", "fmt", str(DEPLOY / "Caddyfile")], capture_output=True, text=True, check=True).stdout
    assert written == (DEPLOY / "Caddyfile").read_text()


def test_image_has_every_file_that_the_app_and_its_installation_read():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    needed = {"app.py", "serve.py", "pages", "fer_core", "models", ".streamlit/config.toml"}
    needed |= {"pyproject.toml", "requirements.in", "requirements.txt", "README.md", "LICENSE", "NOTICE.md"}
    assert kept == needed
    assert all((ROOT / name).exists() for name in kept)
