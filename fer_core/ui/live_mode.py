"""Where live video is recognised: on the server, or in the viewer's browser."""

import streamlit as st

from fer_core.model import Model
from fer_core.settings import load_settings
from fer_core.ui import live_browser, pick
from fer_core.ui.live_check import Check, Mode

SERVER, BROWSER = "On the server", "In this browser"
HELP = (
    "On the server: your camera's video goes to the machine that runs this app and comes back drawn on. In this browser: the "
    "models come to you, and no picture leaves your browser."
)
_KEY = "where"
_SWITCHED = "live_switched"


def pick_mode(check: Check) -> Mode:
    """Choose, bound to the link and remembered; without a way for video the browser is chosen by itself, once, saying so.

    Args:
        check: what is known of the connection.
    """
    allowed = load_settings().live_mode
    if allowed != "auto":
        return allowed
    reason = _reason_to_switch(check)
    if reason is not None:
        st.session_state[_SWITCHED] = reason
        pick.choose(_KEY, reason[0])
    chosen = pick.choice(_KEY, "Recognition", (SERVER, BROWSER), look="buttons", help=HELP)
    return "browser" if chosen == BROWSER else "server"


def _reason_to_switch(check: Check) -> tuple[str, str] | None:
    """Give what to choose for the viewer, and why; None where the viewer's own choice stands, or was made for him already."""
    if _SWITCHED in st.session_state:
        return None
    facts = check.seen.facts
    if check.flows is False and check.browser_can:
        return BROWSER, (
            "Nothing comes through between your browser and the server, so recognition goes on in this browser. Press START. "
            "You can choose the server again above."
        )
    if facts is not None and not (facts.wasm and facts.simd) and st.session_state.get(_KEY) == BROWSER:
        return SERVER, "This browser lacks what recognition needs (WebAssembly with SIMD), so it goes on on the server."
    return None


def say_switched(mode: Mode) -> None:
    """Say why the other way was chosen for the viewer, as long as it stays chosen."""
    switched: tuple[str, str] | None = st.session_state.get(_SWITCHED)
    if switched and switched[0] == (BROWSER if mode == "browser" else SERVER):
        st.info(switched[1], icon=":material/swap_horiz:")


def show_in_browser(model: Model) -> None:
    """Say what happens to the video, and recognise in the viewer's browser."""
    live_browser.show(model)
