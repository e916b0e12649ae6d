"""The same people as before the pages."""

from tests.pages.conftest import owner

__all__ = ["owner"]
