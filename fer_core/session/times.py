"""The time of a recording: the frames' own time within a stream, the clock's between streams and over pauses."""

DRIFT_S = 2.0
"""Where the frames' time and the clock's are further apart, another stream has begun, and the clock decides."""
STEP_S = 0.001
"""Times are whole milliseconds, and each frame's is at least one later than the last."""


class RecordingTime:
    """Seconds since the start. A pause is a gap: time goes on during it, as on a clock on the wall."""

    def __init__(self, now: float) -> None:
        """Begin.

        Args:
            now: monotonic seconds, as in all other calls.
        """
        self._started = self._going_since = now
        self._went_s = 0.0
        self._going = True
        self._anchor: tuple[float, float] | None = None
        self._last_frame_s = float("-inf")
        self._last_s = -STEP_S

    def pause(self, now: float) -> None:
        """Stop counting seconds recorded."""
        self._went_s = self.recorded_s(now)
        self._going = False

    def go_on(self, now: float) -> None:
        """Count on; the next frame is timed by the clock."""
        self._going_since, self._going, self._anchor = now, True, None

    def recorded_s(self, now: float) -> float:
        """Give the seconds recorded until now, pauses left out."""
        return self._went_s + (max(now - self._going_since, 0.0) if self._going else 0.0)

    def since_start(self, now: float) -> float:
        """Give the seconds since the start, pauses included, in whole milliseconds."""
        return round(max(now - self._started, 0.0), 3)

    def of_frame(self, now: float, frame_s: float) -> float:
        """Time a frame.

        Args:
            now: when it was analysed.
            frame_s: its time in its stream.

        Returns:
            Seconds since the start, later than every frame before.
        """
        by_clock = now - self._started
        time_s = by_clock if self._anchor is None else self._anchor[0] + frame_s - self._anchor[1]
        if self._anchor is None or frame_s < self._last_frame_s or abs(time_s - by_clock) > DRIFT_S:
            self._anchor, time_s = (by_clock, frame_s), by_clock
        self._last_frame_s = frame_s
        self._last_s = round(max(time_s, self._last_s + STEP_S), 3)
        return self._last_s
