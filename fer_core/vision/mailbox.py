"""Hands what a video thread makes to the page."""

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """One slot in which the newest value wins, so that nothing can queue up; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value: T | None = None

    def put(self, value: T) -> None:
        """Replace what is in the slot."""
        with self._lock:
            self._value = value

    def get(self) -> T | None:
        """Give the newest value, which stays in the slot; None before the first and after ``clear``."""
        with self._lock:
            return self._value

    def clear(self) -> None:
        """Empty the slot."""
        with self._lock:
            self._value = None
