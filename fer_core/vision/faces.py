"""What was recognised in one image or frame."""

from dataclasses import dataclass

import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.vision.boxes import area_of


@dataclass(frozen=True, eq=False)
class Faces:
    """The faces of one image, with what their expressions look like.

    ``labels``, ``unsure``, ``tilts`` and ``qualities`` may be left out: they follow from the probabilities, or are 0 and 1.
    """

    boxes: np.ndarray
    """(n, 4) int32 xyxy pixels, clipped to the image: the detector's face boxes."""
    scores: np.ndarray
    """(n,) float32 within 0..1: the detector's, when it last saw the face."""
    probabilities: np.ndarray
    """(n, 7) float32, rows summing to 1, in FER2013's order; of a stream, smoothed over time."""
    ids: np.ndarray
    """(n,) int32: of a stream, one number a person as long as the face stays in view; of an image, 0..n-1."""
    threshold: float
    """A confidence below it is called unsure."""
    time_s: float = 0.0
    """The frame's time in its stream."""
    elapsed_ms: float = 0.0
    """How long finding and classifying took."""
    labels: np.ndarray = None  # type: ignore[assignment]
    """(n,) int64: the emotion shown; of a stream it changes only when another is clearly ahead."""
    unsure: np.ndarray = None  # type: ignore[assignment]
    """(n,) bool: whether "unsure" is shown; of a stream it does not flip back and forth about the threshold."""
    tilts: np.ndarray = None  # type: ignore[assignment]
    """(n,) float32 degrees by which a head is turned clockwise in the picture, by its eyes."""
    qualities: np.ndarray = None  # type: ignore[assignment]
    """(n,) float32 within 0..1: how well the face can be read."""
    hints: tuple[str, ...] = ()
    """What troubles the picture of the face in focus, the worst first: names of ``quality.HINTS``."""
    focus_id: int | None = None
    """Of a stream: the id of the face in focus."""

    def __post_init__(self) -> None:
        """Fill in what was left out."""
        n = len(self.boxes)
        highest = self.probabilities.argmax(axis=1).astype(np.int64)
        self._fill_in("labels", highest)
        self._fill_in("unsure", self.confidences < self.threshold)
        self._fill_in("tilts", np.zeros(n, np.float32))
        self._fill_in("qualities", np.ones(n, np.float32))

    def _fill_in(self, name: str, values: np.ndarray) -> None:
        if getattr(self, name) is None:
            object.__setattr__(self, name, values)

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def emotions(self) -> tuple[str, ...]:
        """The emotion shown of each face."""
        return tuple(EMOTIONS[label] for label in self.labels)

    @property
    def confidences(self) -> np.ndarray:
        """(n,) float32: the probability of the emotion shown."""
        shown: np.ndarray = np.take_along_axis(self.probabilities, self.labels[:, None], axis=1)[:, 0]
        return shown

    @property
    def focus(self) -> int | None:
        """Index of the face in focus: the one of ``focus_id``, else the largest; None where there is none."""
        if not len(self.boxes):
            return None
        chosen = np.flatnonzero(self.ids == self.focus_id)
        return int(chosen[0]) if len(chosen) else int(area_of(self.boxes).argmax())
