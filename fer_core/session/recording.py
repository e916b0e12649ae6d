"""One recording as it grows; whoever uses it from several threads keeps them apart."""

from collections.abc import Callable
from datetime import UTC, datetime

from fer_core.session.content import Mark, ModelUsed, Session, clean_text
from fer_core.session.rows import Rows, join
from fer_core.session.times import RecordingTime
from fer_core.vision import Faces

MOST_S = 2 * 3600.0
"""A recording ends by itself after this time, pauses left out."""
MOST_ROWS = 500_000
"""And with so many rows (35 MB): 2 hours of 3.5 faces at 20 frames a second, 14 minutes of 30 faces."""
MOST_MARKS = 1000
_MOST_CHANGES = 100


class Recording:
    """Rows, marks and what else a session holds. Times are monotonic seconds of one clock."""

    def __init__(self, now: float, wall_s: float) -> None:
        """Begin.

        Args:
            now: monotonic seconds.
            wall_s: seconds since 1970.
        """
        self.note = ""
        self.frames = 0
        self.times = RecordingTime(now)
        self.seen: set[int] = set()
        self._started = datetime.fromtimestamp(wall_s, UTC).isoformat(timespec="seconds")
        self._rows = Rows()
        self._marks: list[Mark] = []
        self._pending: list[tuple[float, str]] = []
        self._models: list[tuple[float, ModelUsed]] = []
        self._sizes: list[tuple[float, int, int]] = []

    @property
    def marks(self) -> int:
        """How many moments are marked."""
        return len(self._marks) + len(self._pending)

    def limit(self, now: float, rows: int) -> str:
        """Say why it must end before ``rows`` more rows; empty where it need not."""
        if self.times.recorded_s(now) >= MOST_S:
            return f"The recording ended by itself after {MOST_S / 3600:.0f} hours, the longest there is."
        if self._rows.count + rows > MOST_ROWS:
            return f"The recording ended by itself with {MOST_ROWS:,} rows, the most there are."
        return ""

    def mark(self, now: float, text: str) -> bool:
        """Mark the next frame; False after a thousand marks."""
        if self.marks >= MOST_MARKS:
            return False
        self._pending.append((self.times.since_start(now), clean_text(text, self.marks + 1)))
        return True

    def pause(self, now: float) -> None:
        """Let no time count; marks that wait for a frame belong to the moment they were made at."""
        self.times.pause(now)
        self._marks += self._waiting()
        self._pending.clear()

    def add(self, faces: Faces, time_s: float, size_wh: tuple[int, int], model: ModelUsed | None) -> None:
        """Take in a frame.

        Args:
            faces: what was recognised, with ids that are unique in the recording.
            time_s: as ``times.of_frame`` gave it.
            size_wh: of the frame.
            model: whose probabilities these are; None where nobody said.
        """
        self._rows.append(faces, frame=self.frames, time_s=time_s)
        self.seen.update(faces.ids.tolist())
        self._marks += [Mark(time_s, self.frames, text) for _, text in self._pending]
        self._pending.clear()
        if model and len(self._models) < _MOST_CHANGES and (not self._models or self._models[-1][1] != model):
            self._models.append((time_s, model))
        if len(self._sizes) < _MOST_CHANGES and (not self._sizes or self._sizes[-1][1:] != size_wh):
            self._sizes.append((time_s, *size_wh))
        self.frames += 1

    def snapshot(self, now: float) -> Callable[[], Session]:
        """Fix what there is now; the function given copies it, which takes a while and can be left to another thread."""
        parts, seconds = self._rows.parts(), self.times.recorded_s(now)
        marks = (*self._marks, *self._waiting())
        models, sizes, frames, note = tuple(self._models), tuple(self._sizes), self.frames, self.note
        return lambda: Session(join(parts), frames, seconds, marks, models, sizes, self._started, note)

    def _waiting(self) -> list[Mark]:
        return [Mark(pressed_s, max(self.frames - 1, 0), text) for pressed_s, text in self._pending]
