"""What the answers of STUN and TURN servers come down to, and the exact remedy."""

from typing import Literal

from aiortc.rtcicetransport import parse_stun_turn_uri

from fer_core.connect.asking import Answer
from fer_core.connect.ice import Ice
from fer_core.connect.report import Gathered

State = Literal["works", "fails", "open", "note"]
Judged = tuple[State, str, str]
"""State, result, remedy."""
UNASKED: Judged = ("open", "not asked yet", "")
RELAY_PORTS = "49152 to 65535"


def stun_finding(ice: Ice, answers: tuple[Answer, ...] | None) -> Judged:
    """Judge the STUN servers; they only help, so none of them is a fault."""
    if not ice.stun_urls:
        return "note", "none is set up; where both sides are in one network, or TURN is there, none is needed", ""
    if answers is None:
        return UNASKED
    stun = [answer for answer in answers if answer.url.startswith("stun")]
    if any(answer.outcome == "works" for answer in stun):
        return "works", "answers the server", ""
    return (
        "fails",
        f"{_where(stun[0].url)} does not answer the server ({stun[0].outcome})",
        ("Correct FER_STUN_URLS, or open UDP to it in the firewall. Else leave the variable unset: START waits for it."),
    )


def turn_finding(ice: Ice, trouble: str, answers: tuple[Answer, ...] | None, gathered: Gathered | None, now_s: float) -> Judged:
    """Judge the TURN servers, as this machine and as the browser sees them."""
    if trouble:
        return "fails", "its settings do not go together", trouble
    if not ice.turn_servers:
        return "note", "none is set up; needed only where nothing comes through directly", ""
    if ice.expires_s is not None and now_s >= ice.expires_s:
        return "fails", "the name and password for it have ended", "Reload the page; it gets new ones."
    if answers is None:
        return UNASKED
    turn = [answer for answer in answers if answer.url.startswith("turn")]
    good = [answer for answer in turn if answer.outcome == "works"]
    relays = gathered is not None and bool(gathered.counts.get("relay"))
    if not good and relays:
        return (
            "works",
            "relays for your browser; the server itself does not reach it, which only FER_ICE_TRANSPORT=relay needs",
            "",
        )
    if not good:
        return _refusal(turn[0], ice)
    if gathered is not None and not relays:
        return _unreached(ice, gathered)
    return "works", f"{_where(good[0].url)} takes its name and password and relays", ""


def _refusal(answer: Answer, ice: Ice) -> Judged:
    where = _where(answer.url)
    if answer.outcome == "unauthorized":
        return "fails", f"{where} refuses the name and password ({answer.detail})", _WRONG[ice.source]
    if answer.outcome == "unknown host":
        return "fails", f"there is no machine called {where}", "Correct the name in FER_TURN_URLS."
    if answer.outcome == "untrusted":
        return (
            "fails",
            f"{where} shows a certificate that is not trusted",
            ("Give coturn (cert, pkey) a certificate for that name, as Caddy has one, or use turn: instead of turns:."),
        )
    if answer.outcome == "full":
        return "fails", f"{where} has no room ({answer.detail})", "Raise coturn's total-quota and user-quota."
    if answer.outcome == "refused":
        return "fails", f"{where} refuses ({answer.detail})", "Look into coturn's log for the reason."
    named = parse_stun_turn_uri(answer.url)
    return (
        "fails",
        f"{where} does not answer",
        (
            f"Start coturn there, and open {named['transport'].upper()} {named['port']} and its relay ports in the firewall "
            f"(UDP {RELAY_PORTS}, unless min-port and max-port say else)."
        ),
    )


_WRONG = {
    "secret": "The secret is wrong: set FER_TURN_SECRET to what coturn has as static-auth-secret, and let both clocks agree.",
    "static": "Set FER_TURN_USERNAME and FER_TURN_PASSWORD to a user that coturn has (user=NAME:PASSWORD).",
    "provider": "Look after the account at the provider, and the keys that FER_TURN_PROVIDER needs.",
    "none": "",
}


def _unreached(ice: Ice, gathered: Gathered) -> Judged:
    refused = next((error for error in gathered.errors if error.code in (401, 403)), None)
    if refused is not None:
        return "fails", f"it refuses your browser ({refused.code} {refused.text})".replace(" )", ")"), _WRONG[ice.source]
    over_tcp = any("transport=tcp" in url or url.startswith("turns") for s in ice.turn_servers for url in s.urls)
    remedy = (
        "This network blocks it: add turns:HOST:443?transport=tcp to FER_TURN_URLS."
        if over_tcp
        else "This network blocks UDP to it: add the same with ?transport=tcp, and turns: on port 443, to FER_TURN_URLS."
    )
    return "fails", "it answers the server, but not your browser", remedy


def _where(url: str) -> str:
    named = parse_stun_turn_uri(url)
    return f"{named['host']}:{named['port']}"
