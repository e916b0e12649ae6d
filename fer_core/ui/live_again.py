"""Brings live video back that was lost: a server that was restarted, a network that was gone, a lid that was shut."""

import time
from collections.abc import Callable
from typing import Literal

import streamlit as st

from fer_core.ui.live_check import Camera
from fer_core.ui.mine import mine

PAUSES_S = (1.0, 3.0, 6.0)
"""So long after a loss each try begins; after the last the viewer is told to press START."""
FIRST_S = 3.0
"""Video that this session never saw is on its way for so long; then it belongs to a session before a restart."""
PULSE_S = 2.0
"""The player is asked to start for so long; asked for longer it would ask for a refused camera again and again."""
POLL_S = 1.0
_AGAIN = "live_again"

Step = Literal["rest", "wait", "start", "given up"]


class Again:
    """When to start lost video again. STOP, a refused camera and a new page end all tries."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing lost; ``clock`` gives monotonic seconds."""
        self._clock = clock
        self._tries = self._begun = 0
        self._was_active = False
        self._lost_s: float | None = None
        self._pulse_s: float | None = None

    def step(self, camera: Camera, *, active: bool, begun: int) -> Step:
        """Say what to do now.

        Args:
            camera: what the page says of it.
            active: whether video is on, or about to be.
            begun: how often frames began to come; once they did, tries are counted anew.
        """
        if begun != self._begun:
            self._begun, self._tries = begun, 0
        if active or camera not in ("given", "asking"):
            self._lost_s = self._pulse_s = None
            self._was_active = active
            if not active:
                self._tries = 0
            return "rest"
        if camera == "asking":
            self._pulse_s = None
            return "rest" if self._lost_s is None else "wait"
        return self._bring_back(self._clock())

    def _bring_back(self, now_s: float) -> Step:
        if self._lost_s is None:
            self._lost_s = now_s
        if self._pulse_s is not None:
            if now_s - self._pulse_s < PULSE_S:
                return "start"
            self._pulse_s, self._lost_s = None, now_s
        if self._tries >= len(PAUSES_S):
            return "given up"
        pause_s = PAUSES_S[self._tries] if self._was_active or self._tries else FIRST_S
        if now_s - self._lost_s < pause_s:
            return "wait"
        self._tries += 1
        self._pulse_s = now_s
        return "start"


def my_again() -> Again:
    """Give this session's own."""
    return mine(_AGAIN, Again)


def say(step: Step, look: Callable[[], Step]) -> None:
    """Tell the viewer what goes on, and draw the page anew when that changes.

    Args:
        step: the newest.
        look: gives the next.
    """
    if step == "rest":
        return
    if step == "given up":
        st.warning("The video was lost and does not come back. Look at the connection above, and press START to try again.")
        return
    st.info("The video was lost. It comes back by itself as soon as the connection does.", icon=":material/sync:")

    def follow() -> None:
        if look() != step:
            st.rerun()

    st.fragment(follow, run_every=POLL_S)()
