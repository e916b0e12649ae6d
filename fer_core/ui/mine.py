"""What one session keeps for itself, made when it is first needed."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

Kept = TypeVar("Kept")


def mine(key: str, make: Callable[[], Kept]) -> Kept:
    """Give what this session keeps under ``key``."""
    if key not in st.session_state:
        st.session_state[key] = make()
    kept: Kept = st.session_state[key]
    return kept
