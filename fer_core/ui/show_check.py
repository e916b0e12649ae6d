"""The connection check as a viewer sees it: a line on how it stands, a list of all parts that opens, and a button."""

import html
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from fer_core.connect import Finding
from fer_core.ui.components import component
from fer_core.ui.live_check import KEY, Check, Mode
from fer_core.ui.live_ice import IceNow
from fer_core.ui.roles import is_owner

_PAGE = component("check")
POLL_S = 2.0
"""While a check runs it is looked at so often, in case the page does not report."""
RENEW_S = 30.0
"""Credentials that end are looked at so often."""
UNNEEDED: dict[Mode, tuple[str, ...]] = {
    "server": ("In this browser",),
    "browser": ("Ways out", "STUN", "TURN", "Video to the server"),
}
"""Parts that may fail without being in the way."""
_OPEN = "connection-open"
MARKS = {"works": "works", "fails": "fails", "open": "not known", "note": "none"}


def watch(check: Check, now: IceNow, *, mode: Mode, active: bool) -> None:
    """Draw the page's own part of the check and, while no video is on, what was found.

    Args:
        check: what is known, and taken in.
        now: the servers that the next connection is told.
        mode: where it is recognised; the browser needs no way for video.
        active: whether video is on, or about to be.
    """
    check.use(now)
    check.look_ahead(active=active)
    ends = now.renew_s != float("inf")
    every_s = POLL_S if check.running else RENEW_S if ends and not active else None
    # In a place of its own: on a slow machine a run of the fragment drops what the page's run drew of it a moment before, and
    # whatever stood below moved up; a player that moves is made anew, without its video.
    with st.container():
        st.fragment(_watch, run_every=every_s)(check, now, mode, active, (check.running, check.taken_over))


def _watch(check: Check, now: IceNow, mode: Mode, active: bool, then: tuple[bool, bool]) -> None:
    kept = {"facts": check.take_facts, "camera": check.take_camera}
    _take_again(check, kept)
    if not active:
        _show(check, mode)
    takes = {**kept, "ways": check.take_ways, "path": check.take_path}
    callbacks = {f"on_{name}_change": _taking(name, take) for name, take in takes.items()}
    _PAGE(key=KEY, data=check.data(), **callbacks)
    if then != (check.running, check.taken_over) or (not active and now.is_due):
        st.rerun()


def _taking(name: str, take: Callable[[Any], None]) -> Callable[[], None]:
    return lambda: take(st.session_state[KEY].get(name))


def _take_again(check: Check, kept: Mapping[str, Callable[[Any], None]]) -> None:
    """Take what the page last said to this session: Streamlit skips a callback where the next run is asked for meanwhile."""
    told = st.session_state.get(KEY) or {}
    for name, take in kept.items():
        said = told.get(name)
        if isinstance(said, Mapping) and said.get("session") == check.session:
            take(said)


def _show(check: Check, mode: Mode) -> None:
    findings = check.findings()
    in_the_way = tuple(finding for finding in findings if finding.state == "fails" and finding.part not in UNNEEDED[mode])
    shown = (mode, *(finding.part for finding in in_the_way))
    if shown != check.shown:
        # Opened for a fault that is new; closed when another way is taken, in whose way nothing is.
        if in_the_way or check.shown[:1] != (mode,):
            st.session_state[_OPEN] = bool(in_the_way)
        check.shown = shown
    # The label stays as it is: with another one Streamlit draws another expander, and a click on the one before is lost.
    opened = bool(st.session_state.get(_OPEN))
    with st.expander("Connection check", opened, key=_OPEN, on_change="rerun"):
        st.html(findings_html(findings, host=is_owner()))
        st.button(
            "Checking the connection" if check.running else "Check the connection",
            on_click=check.begin,
            icon=":material/network_check:",
            disabled=check.running,
            key="check-connection",
            help="Looks for ways out of your browser, asks the STUN and TURN servers, and sends a word to this app and back.",
        )
    st.caption(f"Connection: {summary_of(check, in_the_way)}.")


def summary_of(check: Check, in_the_way: tuple[Finding, ...]) -> str:
    """Say in a few words how it stands.

    Args:
        check: what is known.
        in_the_way: what fails and is needed.
    """
    if check.camera == "asking":
        return "the browser asks for the camera; allow it beside the address"
    if check.running:
        return "checking"
    if check.seen.facts is None:
        return "looking at this browser"
    if in_the_way:
        return f"{in_the_way[0].part} fails" if len(in_the_way) == 1 else f"{len(in_the_way)} parts fail"
    return "everything works" if check.flows else "nothing in the way so far"


def findings_html(findings: tuple[Finding, ...], *, host: bool) -> str:
    """Build the list of all parts, each with its result and remedy.

    Args:
        findings: in the order shown.
        host: whether who looks runs the app; anybody else is told whose remedy it is.
    """
    rows = "".join(_row(finding, host) for finding in findings)
    return f'<ul class="fer-check">{rows}</ul>'


def _row(finding: Finding, host: bool) -> str:
    whose = "For whoever runs this app: " if finding.for_host and not host else ""
    remedy = f"<small>{html.escape(whose + finding.remedy)}</small>" if finding.remedy else ""
    return (
        f'<li class="{finding.state}"><b>{html.escape(finding.part)}</b><em>{MARKS[finding.state]}</em>'
        f"<span>{html.escape(finding.result)}{remedy}</span></li>"
    )
