"""What every page shows alike: errors, the frame around a page, pictures and chips."""

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
        st.error(str(error), icon=":material/error:")
        st.stop()


def frame() -> None:
    """Small corrections to Streamlit's look that its theme cannot express."""
    st.html(_STYLE)


_STYLE = """<style>
@media (max-width: 600px) {
  [data-testid="stMainBlockContainer"] { padding-left: 1rem; padding-right: 1rem; }
}
</style>"""
