"""Who may be live at once in this process, and who waits: beyond a few viewers, video would collapse for all of them."""

import threading
import time
from collections.abc import Callable
from functools import cache

from fer_core.settings import load_settings

AWAY_S = 10.0
"""Who was not heard of for so long has left: a closed tab, a lost connection."""
CALLED_S = 30.0
"""Who was called from the line and did not start within this time gives way to the next."""


class Viewers:
    """A few seats and a line before them, first come first served; safe between threads."""

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Set up the seats.

        Args:
            most: seats; at least 1.
            clock: monotonic seconds.
        """
        self.most = most
        self._clock = clock
        self._lock = threading.RLock()
        self._seated: dict[str, float] = {}
        self._waiting: dict[str, float] = {}
        self._called: dict[str, float] = {}

    def come(self, who: str) -> int:
        """Ask for a seat, or say that one still wants it; joins the line only where there is no seat for all who want one.

        Args:
            who: a name of the viewer's own.

        Returns:
            0 with a seat to start from; otherwise one's place in the line, from 1.
        """
        with self._lock:
            now = self._tidy()
            if who in self._seated:
                self._seated[who] = now
                return 0
            if who not in self._waiting and len(self._seated) + len(self._waiting) < self.most:
                return 0
            self._waiting[who] = now
            place = list(self._waiting).index(who) + 1
            if place > self.most - len(self._seated):
                self._called.pop(who, None)
                return place
            self._called.setdefault(who, now)
            return 0

    def take(self, who: str) -> bool:
        """Sit down, or stay seated: called when video starts and while it runs; False where others were first."""
        with self._lock:
            if self.come(who):
                return False
            self._waiting.pop(who, None)
            self._called.pop(who, None)
            self._seated[who] = self._clock()
        return True

    def leave(self, who: str) -> None:
        """Give up a seat or a place in the line."""
        with self._lock:
            for place in (self._seated, self._waiting, self._called):
                place.pop(who, None)

    @property
    def live(self) -> int:
        """How many are seated."""
        with self._lock:
            self._tidy()
            return len(self._seated)

    def _tidy(self) -> float:
        """Forget who is away, and send who was called and did not come to the end of the line."""
        now = self._clock()
        for place in (self._seated, self._waiting):
            for who in [who for who, heard_s in place.items() if now - heard_s > AWAY_S]:
                del place[who]
        for who in [who for who, called_s in self._called.items() if who not in self._waiting or now - called_s > CALLED_S]:
            del self._called[who]
            if who in self._waiting and len(self._waiting) > 1:
                self._waiting[who] = self._waiting.pop(who)
        return now


@cache
def viewers() -> Viewers:
    """Give the seats of this process, ``FER_MAX_VIEWERS`` of them."""
    return Viewers(load_settings().max_viewers)
