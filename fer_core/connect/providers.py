"""Asks those who rent out TURN servers for names and passwords that end by themselves."""

import base64
import http.client
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

from pydantic import SecretStr

from fer_core.connect.ice import IceServer
from fer_core.errors import FerError
from fer_core.settings import Settings

TTL_S = 7200
"""Asked for; they are used for half of it."""
TIMEOUT_S = 5.0
PAUSE_S = 60.0
"""Who refused or was away is asked again after this time."""
AGENT = "fer-studio"
"""Cloudflare refuses urllib's own name as if the key were wrong."""
ADDRESSES = {
    "cloudflare": "https://rtc.live.cloudflare.com",
    "twilio": "https://api.twilio.com",
    "huggingface": "https://fastrtc-turn-server-login.hf.space",
}


def ask_provider(settings: Settings) -> tuple[tuple[IceServer, ...], float]:
    """Ask ``settings.turn_provider`` for its servers; gives them and the Unix time at which they end.

    Raises:
        FerError: a key is missing or refused, or nobody answers.
    """
    name = settings.turn_provider or ""
    asked: dict[str, Callable[[Settings], list[Any]]] = {
        "cloudflare": _cloudflare,
        "twilio": _twilio,
        "huggingface": _huggingface,
    }
    now_s = time.time()
    try:
        servers = tuple(read_server(server) for server in asked[name](settings))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise FerError(
            f"FER_TURN_PROVIDER: expected a list of TURN servers from {name}, received something else. Try again later, or "
            "name a TURN server of your own in FER_TURN_URLS."
        ) from None
    return servers, now_s + TTL_S


class SeldomAsked:
    """Asks a provider once for all viewers, and again when half of the time is over; safe between threads."""

    def __init__(
        self,
        ask: Callable[[Settings], tuple[tuple[IceServer, ...], float]] = ask_provider,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Set it up with who asks, and a clock of Unix time."""
        self._ask = ask
        self._clock = clock
        self._lock = threading.Lock()
        self._settings: Settings | None = None
        self._given: tuple[tuple[IceServer, ...], float] = ((), 0.0)
        self._error: str | None = None
        self._again_s = 0.0

    def __call__(self, settings: Settings) -> tuple[tuple[IceServer, ...], float]:
        """Give the servers and the Unix time at which they end.

        Raises:
            FerError: as ``ask_provider``.
        """
        with self._lock:
            now_s = self._clock()
            if settings != self._settings or now_s >= self._again_s:
                self._settings = settings
                self._try(settings, now_s)
            if self._error is not None:
                raise FerError(self._error)
            return self._given

    def _try(self, settings: Settings, now_s: float) -> None:
        try:
            self._given, self._error = self._ask(settings), None
            self._again_s = (now_s + self._given[1]) / 2
        except FerError as error:
            self._error, self._again_s = str(error), now_s + PAUSE_S


def read_server(entry: dict[str, Any]) -> IceServer:
    """Read one of the ``iceServers`` that a provider lists."""
    urls = entry.get("urls", entry.get("url"))
    if not urls or not isinstance(urls, str | list):
        raise ValueError("no address")
    password = entry.get("credential")
    return IceServer(
        (urls,) if isinstance(urls, str) else tuple(str(url) for url in urls),
        entry.get("username"),
        SecretStr(password) if password is not None else None,
    )


def _cloudflare(settings: Settings) -> list[Any]:
    key_id = _key(settings.cloudflare_turn_key_id, "CLOUDFLARE_TURN_KEY_ID")
    token = _key(settings.cloudflare_turn_key_api_token, "CLOUDFLARE_TURN_KEY_API_TOKEN")
    path = f"/v1/turn/keys/{urllib.parse.quote(key_id, safe='')}/credentials/generate-ice-servers"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = _request("cloudflare", path, headers, json.dumps({"ttl": TTL_S}).encode())
    return _listed(body["iceServers"])


def _twilio(settings: Settings) -> list[Any]:
    sid = _key(settings.twilio_account_sid, "TWILIO_ACCOUNT_SID")
    token = _key(settings.twilio_auth_token, "TWILIO_AUTH_TOKEN")
    login = base64.b64encode(f"{sid}:{token}".encode()).decode()
    path = f"/2010-04-01/Accounts/{urllib.parse.quote(sid, safe='')}/Tokens.json"
    body = _request("twilio", path, {"Authorization": f"Basic {login}"}, urllib.parse.urlencode({"Ttl": TTL_S}).encode())
    return _listed(body["ice_servers"])


def _huggingface(settings: Settings) -> list[Any]:
    token = _key(settings.hf_token, "HF_TOKEN")
    body = _request("huggingface", "/credentials", {"X-HF-Access-Token": token}, None)
    return [{"urls": "turn:gradio-turn.com:80", "username": body["username"], "credential": body["credential"]}]


def _listed(servers: Any) -> list[Any]:
    return servers if isinstance(servers, list) else [servers]


def _key(value: SecretStr | None, name: str) -> str:
    if value is None:
        raise FerError(f"{name}: expected the provider's key, received none. Set it, or leave FER_TURN_PROVIDER unset.")
    return value.get_secret_value()


def _request(name: str, path: str, headers: dict[str, str], data: bytes | None) -> Any:
    """Send one request; what fails is said without address or headers, which hold keys."""
    request = urllib.request.Request(ADDRESSES[name] + path, data=data, headers={"User-Agent": AGENT} | headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            return json.loads(response.read())
    except urllib.error.HTTPError as error:
        error.close()
        refused = error.code in (401, 403, 404)
        remedy = "Correct its keys" if refused else "Try again later"
        raise FerError(f"FER_TURN_PROVIDER: expected {name} to answer, received status {error.code}. {remedy}.") from None
    except (OSError, http.client.HTTPException):
        raise FerError(
            f"FER_TURN_PROVIDER: expected {name} to answer within {TIMEOUT_S:g} s, received nothing. See whether this machine "
            "reaches it, or name a TURN server of your own in FER_TURN_URLS."
        ) from None
