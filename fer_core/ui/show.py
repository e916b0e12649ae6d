"""What every page shows alike: errors, pictures and chips."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from fer_core.errors import FerError


@contextmanager
def errors() -> Iterator[None]:
    """Turn what a person can put right into a sentence, and stop there; wraps every page, and fragments wrap themselves."""
    try:
        yield
    except FerError as error:
        error_box(error)
        st.stop()


def error_box(error: FerError) -> None:
    """Show what a person can put right, with the remedy that a page offers in place of the command line's."""
    st.error(str(error).replace("Run with --skip-bad-rows", 'Choose "Leave bad rows out"'), icon=":material/error:")
