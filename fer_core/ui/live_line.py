"""The line before the live page's seats, as one viewer sees it."""

import uuid
from dataclasses import dataclass

import streamlit as st

from fer_core.ui import pick
from fer_core.ui.mine import mine
from fer_core.ui.viewers import CALLED_S, viewers

POLL_S = 2.0


@dataclass(frozen=True)
class Seat:
    """One viewer's claim to be live."""

    who: str

    def take(self) -> bool:
        """Sit down, or stay seated; False where others were first."""
        return viewers().take(self.who)

    def place(self) -> int:
        """Give one's place in the line, from 1; 0 where there is a seat."""
        return viewers().come(self.who)

    def leave(self) -> None:
        """Give the seat, or the place in the line, to the next."""
        viewers().leave(self.who)


def my_seat() -> Seat:
    """Give this session's claim."""
    return mine("live_seat", lambda: Seat(uuid.uuid4().hex))


def wait(seat: Seat) -> None:
    """Say how many are before one, until there is a seat; a photo needs none."""
    st.fragment(_wait, run_every=POLL_S)(seat)
    if st.button("Take a photo meanwhile", icon=":material/photo_camera:"):
        seat.leave()
        pick.choose("input", "photo")
        st.rerun()


def _wait(seat: Seat) -> None:
    place = seat.place()
    if not place:
        st.rerun()
    before = "You are next" if place == 1 else f"{place - 1} before you"
    most = viewers().most
    st.info(
        f"{before}. This app shows video to {most} {'person' if most == 1 else 'people'} at once, so that it stays quick for "
        f"each. Stay on this page: your turn comes by itself, and is kept for {CALLED_S:.0f} s.",
        icon=":material/hourglass_top:",
    )
