"""Part by part: does it work, and what to do where it does not."""

from dataclasses import dataclass
from typing import Literal

from fer_core.connect.asking import Answer
from fer_core.connect.ice import Ice
from fer_core.connect.report import Facts, Gathered, Path
from fer_core.connect.servers import stun_finding, turn_finding

State = Literal["works", "fails", "open", "note"]


@dataclass(frozen=True)
class Finding:
    """One part of the way from the camera to the picture."""

    part: str
    state: State
    """``open``: not known yet. ``note``: worth a word, but in nobody's way."""
    result: str
    remedy: str = ""
    for_host: bool = False
    """Whether only who runs the app can do it."""


@dataclass(frozen=True)
class Seen:
    """All that is known; None is what was not looked at yet."""

    ice: Ice
    facts: Facts | None = None
    camera_error: str = ""
    """Name of what the browser said when the camera was asked for, such as NotReadableError."""
    trouble: str = ""
    """What is wrong with the settings of the servers, in a sentence."""
    answers: tuple[Answer, ...] | None = None
    gathered: Gathered | None = None
    path: Path | None = None
    now_s: float = 0.0
    """Unix time."""
    may_choose: bool = True
    """Whether recognition inside the browser is offered."""


def findings_of(seen: Seen) -> tuple[Finding, ...]:
    """Judge every part, in the order in which the way goes."""
    if seen.facts is None:
        return ()
    return (
        _secure(seen.facts),
        _permission(seen.facts, seen.camera_error),
        _camera(seen.facts, seen.camera_error),
        Finding("WebSocket", "works", "this page and the app talk over it"),
        _ways_out(seen),
        Finding("STUN", *stun_finding(seen.ice, seen.answers), for_host=True),
        Finding("TURN", *turn_finding(seen.ice, seen.trouble, seen.answers, seen.gathered, seen.now_s), for_host=True),
        _path(seen),
        _own_work(seen.facts),
    )


def can_run_in_browser(facts: Facts | None) -> bool:
    """Say whether recognition inside the browser would work, as far as is known."""
    return facts is not None and facts.wasm and facts.simd and facts.media


def _secure(facts: Facts) -> Finding:
    if facts.secure:
        return Finding("Secure page", "works", "over https, or on this machine")
    return Finding(
        "Secure page",
        "fails",
        "it came over http from another machine, and browsers give such a page no camera",
        "Open it over https, or on the machine itself at http://localhost. A picture can be given here as it is.",
    )


def _permission(facts: Facts, error: str) -> Finding:
    part = "Camera permission"
    if facts.framed:
        return Finding(
            part,
            "fails",
            "another site's page holds this one and keeps the camera from it",
            'Open this app\'s own address in a tab, or give the frame allow="camera".',
        )
    if facts.permission == "denied" or error in ("NotAllowedError", "SecurityError"):
        return Finding(
            part,
            "fails",
            "the browser refuses this page the camera",
            "Press the sign beside the address, allow the camera, and reload. Your system may have such a switch, too.",
        )
    if facts.permission == "granted":
        return Finding(part, "works", "given")
    asked = "the browser asks when you press START" if facts.permission == "prompt" else "known when you press START"
    return Finding(part, "open", asked)


def _camera(facts: Facts, error: str) -> Finding:
    if not facts.media:
        return Finding("Camera", "open", "hidden from this page") if not facts.secure or facts.framed else _no_media()
    if error in ("NotReadableError", "TrackStartError", "AbortError"):
        return Finding(
            "Camera",
            "fails",
            "another program has it, or it does not start",
            "Close the call, tab or program that uses the camera, or connect it anew; then press START again.",
        )
    if facts.cameras == 0 or error in ("NotFoundError", "DevicesNotFoundError", "OverconstrainedError"):
        return Finding("Camera", "fails", "none was found", "Connect one, or give a picture or a photo from your phone.")
    if facts.cameras is None:
        return Finding("Camera", "open", "this browser does not tell before START")
    return Finding("Camera", "works", "found" if facts.cameras == 1 else f"{facts.cameras} found")


def _no_media() -> Finding:
    return Finding(
        "Camera",
        "fails",
        "this browser gives pages no camera",
        "Use a current Chrome, Edge, Firefox or Safari, or give a picture.",
    )


def _ways_out(seen: Seen) -> Finding:
    part = "Ways out"
    if seen.facts is not None and not seen.facts.webrtc:
        return Finding(part, "fails", "this browser has no WebRTC, or it is switched off", f"Allow WebRTC, or {_else(seen)}.")
    if seen.gathered is None:
        return Finding(part, "open", "not looked for yet")
    words = {"host": "direct", "srflx": "through the router", "relay": "through the TURN server"}
    found = [words[kind] for kind in words if seen.gathered.counts.get(kind)]
    if found:
        return Finding(part, "works", ", ".join(found))
    if seen.ice.policy == "relay":
        return Finding(part, "fails", "the TURN server alone is allowed, and gave none", "See TURN below.", for_host=True)
    return Finding(
        part,
        "fails",
        "the browser found none",
        f"A setting, an extension or this network blocks WebRTC: allow it, or {_else(seen)}.",
    )


def _path(seen: Seen) -> Finding:
    part = "Video to the server"
    if seen.path is None:
        return Finding(part, "open", "not tried yet")
    if seen.path.state == "open":
        way = {"relay": "by the TURN server", "srflx": "by the router"}.get(seen.path.way, "directly")
        return Finding(part, "works", f"comes through {way} in {seen.path.ms:.0f} ms")
    other = _else(seen)
    remedy = f"{other[0].upper()}{other[1:]}; it needs no such connection."
    if seen.answers is not None and not seen.ice.turn_servers:
        remedy += " For the server's way whoever runs this app sets up a TURN server (FER_TURN_URLS)."
    return Finding(part, "fails", "nothing comes through between your browser and the server", remedy)


def _else(seen: Seen) -> str:
    """Give what works without such a connection."""
    return "choose In this browser" if seen.may_choose else "take a photo or give a picture"


def _own_work(facts: Facts) -> Finding:
    part = "In this browser"
    if not facts.wasm or not facts.simd:
        lacking = "WebAssembly" if not facts.wasm else "SIMD in WebAssembly"
        return Finding(part, "fails", f"it lacks {lacking}", "Update the browser, or choose On the server.")
    return Finding(
        part, "works", "WebAssembly with SIMD" + (", WebGPU" if facts.webgpu else "; no WebGPU, which is not needed")
    )
