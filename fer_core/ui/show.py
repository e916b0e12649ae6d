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


def ink() -> str | None:
    """Read the text colour of the theme that the person sees; None where it is not known yet."""
    seen = st.context.theme.type
    return st.get_option(f"theme.{seen}.textColor") if seen in ("light", "dark") else None
