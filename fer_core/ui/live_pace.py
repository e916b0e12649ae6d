"""How many frames a second a video gives, and how late they are."""

from collections import deque
from collections.abc import Callable

RATE_WINDOW_S = 2.0
"""Frames a second are counted over this time."""
CLOCK_DRIFT = 1e-4
"""Seconds a second that a camera's clock may run apart from ours and not count as delay."""


class Pace:
    """Counts one stream's frames; for one thread, but for ``is_stale``."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Count on ``clock``, in monotonic seconds."""
        self._clock = clock
        self.forget()

    def forget(self) -> None:
        """Begin another stream, whose clock is another."""
        self._least_late_s = float("inf")
        self._done: deque[float] = deque()

    def count(self, *, frame_s: float, arrived_s: float) -> tuple[float, float]:
        """Count a frame whose picture is done now.

        Args:
            frame_s: its time on the stream's own clock.
            arrived_s: when it came, on ours.

        Returns:
            Frames a second over the last two seconds, and the frame's delay in milliseconds: since it came, and what it
            came later than the most punctual one.
        """
        now = self._clock()
        since_last_s = now - self._done[-1] if self._done else 0.0
        self._least_late_s = min(self._least_late_s + CLOCK_DRIFT * since_last_s, arrived_s - frame_s)
        self._done.append(now)
        while self._done[0] < now - RATE_WINDOW_S:
            self._done.popleft()
        fps = (len(self._done) - 1) / max(now - self._done[0], 1e-3)
        return fps, (now - frame_s - self._least_late_s) * 1000

    def is_stale(self, made_s: float) -> bool:
        """Say whether what was made then is too old to speak of frames a second."""
        return self._clock() - made_s > RATE_WINDOW_S
