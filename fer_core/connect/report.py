"""What a browser reports of itself, read with care: a page may send anything."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

Permission = Literal["granted", "denied", "prompt", "unknown"]
CANDIDATES = ("host", "srflx", "relay")
MOST_ERRORS = 20
MOST_CHARACTERS = 200


@dataclass(frozen=True)
class Facts:
    """What costs nobody anything to know."""

    secure: bool
    media: bool
    """Whether the page may ask for a camera at all."""
    framed: bool
    """Whether another site's page holds this one, in a frame that keeps the camera from it."""
    permission: Permission
    cameras: int | None
    """None where the browser does not tell."""
    webrtc: bool
    wasm: bool
    simd: bool
    webgpu: bool


@dataclass(frozen=True)
class IceError:
    """A server that the browser had no answer from, or a refusal."""

    url: str
    code: int
    text: str


@dataclass(frozen=True)
class Gathered:
    """What the browser found when it looked for ways out."""

    counts: Mapping[str, int]
    """Candidates by type."""
    errors: tuple[IceError, ...] = ()


@dataclass(frozen=True)
class Path:
    """Whether something came through to this machine and back."""

    state: Literal["open", "failed"]
    ms: float = 0.0
    way: str = ""
    """Type of the browser's candidate that was used."""


def read_facts(given: Any) -> Facts | None:
    """Read the page's first report; None where it is none."""
    if not isinstance(given, Mapping):
        return None
    permission = given.get("permission")
    cameras = given.get("cameras")
    yes = {name: given.get(name) is True for name in ("secure", "media", "framed", "webrtc", "wasm", "simd", "webgpu")}
    return Facts(
        permission=cast(Permission, permission) if permission in ("granted", "denied", "prompt") else "unknown",
        cameras=cameras if isinstance(cameras, int) and not isinstance(cameras, bool) and 0 <= cameras < 100 else None,
        **yes,
    )


def read_gathered(given: Any) -> Gathered | None:
    """Read what ways out were found; None where this is no such report."""
    if not isinstance(given, Mapping) or not isinstance(given.get("counts"), Mapping):
        return None
    counts = {name: given["counts"].get(name) for name in CANDIDATES}
    listed = given.get("errors")
    errors = [_read_error(error) for error in listed[:MOST_ERRORS]] if isinstance(listed, list) else []
    return Gathered(
        {name: count for name, count in counts.items() if isinstance(count, int) and count > 0},
        tuple(error for error in errors if error is not None),
    )


def _read_error(given: Any) -> IceError | None:
    if not isinstance(given, Mapping) or not isinstance(given.get("code"), int):
        return None
    return IceError(_text(given.get("url")), given["code"], _text(given.get("text")))


def read_path(given: Any) -> Path | None:
    """Read whether the probe came through; None where this is no such report."""
    if not isinstance(given, Mapping) or given.get("state") not in ("open", "failed"):
        return None
    ms = given.get("ms")
    number = float(ms) if isinstance(ms, int | float) and math.isfinite(ms) and 0 <= ms < 1e6 else 0.0
    way = given.get("way")
    return Path(given["state"], number, way if way in (*CANDIDATES, "prflx") else "")


def _text(given: Any) -> str:
    """Give plain text of bounded length."""
    return "".join(mark for mark in str(given or "") if mark.isprintable())[:MOST_CHARACTERS]
