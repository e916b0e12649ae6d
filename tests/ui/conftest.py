"""The same people as before the pages, and aiortc as the app sets it."""

from collections.abc import Iterator

import pytest

from fer_core.ui.live_codec import install
from tests.pages.conftest import components_found_once, owner
from tests.ui.encoded import PLACES

__all__ = ["components_found_once", "owner"]


@pytest.fixture
def installed() -> Iterator[None]:
    """``install`` as in the app; aiortc is left as it was."""
    kept = [(module, name, getattr(module, name)) for module, name in PLACES]
    install()
    yield
    for module, name, value in kept:
        setattr(module, name, value)
