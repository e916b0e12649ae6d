"""Settings of a test's own."""

from collections.abc import Callable

import pytest

from fer_core.settings import Settings, load_settings


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Give the settings with further variables: ``settings(FER_TURN_URLS="turn:host")``."""

    def give(**variables: str) -> Settings:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return give
