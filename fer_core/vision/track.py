"""One face over time: where it is, how fast it moves, what it looks like."""

from dataclasses import dataclass, field

import numpy as np

from fer_core.vision.boxes import Box
from fer_core.vision.calm import CalmBox, OneEuro
from fer_core.vision.crops import eye_tilts
from fer_core.vision.flow import Motion

COAST_S = 0.12
"""So long a face is shown that is neither found nor followed: a blink of the camera does not make its box flicker."""
SPEED_S, LOOK_S = 0.2, 2.0
"""After this time a new speed, or a new look, makes up 63 % of what is remembered."""
DAMPING_S = 1.5
"""A face slows down that is unseen or beside another: after this time to 37 % of its speed."""
BELIEF_SHARE = 0.3
"""How much of what is believed of a known face is its newest score."""
STILL_SHARE, LEAST_TRUST = 0.12, 0.25
"""A detection this share of a width away from where a face was followed to is believed at once, a nearer one in part."""
ANEW_S = 0.3
"""The box of a face unseen for longer starts where it turns up, instead of gliding there."""
TILT_UNIT = 30.0
"""Degrees a second that are calmed as one width a second is."""


@dataclass(eq=False)
class Track:
    """One face over time."""

    frame: np.ndarray
    """(4,) float64 xyxy pixels, unclipped: where it is, or where it should be."""
    keypoints: np.ndarray
    """(6, 2) float64 xy pixels."""
    score: float
    """The detector's, when it last found the face."""
    look: np.ndarray
    """(d,) float32 of ``describe_faces``."""
    born_s: float
    seen_s: float
    """When it was last found or followed."""
    found_s: float
    """When it was last found."""
    id: int = 0
    """0 until it is sure to be a face."""
    followed: bool = False
    """Whether it was followed into this frame."""
    missed: int = 0
    """Detections in a row that did not find it."""
    covered: bool = False
    """Whether another face is in front of it."""
    part: Box | None = None
    """The part of the frame in which it was last found, when not as a whole."""
    velocity: np.ndarray = field(default_factory=lambda: np.zeros(2))
    """(2,) pixels a second, the mean of a short while, learned while no other face is near."""
    pace: np.ndarray = field(default_factory=lambda: np.zeros(2))
    """(2,) pixels a second, since it was seen before."""
    shown: np.ndarray = field(default_factory=lambda: np.zeros(4))
    """(4,) float64 xyxy pixels, unclipped: ``frame`` calmed."""
    tilt: float = 0.0
    """Degrees clockwise, calmed."""
    belief: float = field(init=False)
    """Its scores in the mean of the last few looks that found it; low ones beside another face do not count."""
    best: float = field(init=False)
    """The highest of its scores."""

    def __post_init__(self) -> None:
        """Start where it was found."""
        self.belief = self.best = self.score
        self._place, self._speeds = self.centre, 0
        self._box, self._tilt = CalmBox(), OneEuro()

    @property
    def centre(self) -> np.ndarray:
        """(2,) xy pixels."""
        middle: np.ndarray = (self.frame[:2] + self.frame[2:]) / 2
        return middle

    @property
    def width(self) -> float:
        """Pixels, at least 1."""
        return max(float(self.frame[2] - self.frame[0]), 1.0)

    def advance(self, motion: Motion | None, passed_s: float, time_s: float, alone: bool) -> None:
        """Go to where it was followed to, else on as it went; if not ``alone``, some of its points may be another's."""
        self.followed = motion is not None
        if motion is None:
            step = self.velocity * passed_s
            self.frame, self.keypoints = self.frame + np.tile(step, 2), self.keypoints + step
        if self.missed or not alone:
            self.velocity = self.velocity * np.exp(-passed_s / DAMPING_S)
        if motion is None:
            self.pace = self.pace * np.exp(-passed_s / DAMPING_S)
            return
        motion = motion if alone else Motion(motion.shift, 1.0, 0.0)
        before, half = self.centre, (self.frame[2:] - self.frame[:2]) / 2 * motion.scale
        self.keypoints = motion.move(self.keypoints, before)
        self.frame = np.concatenate([before + motion.shift - half, before + motion.shift + half])
        self._see(time_s, alone)

    def find(self, frame: np.ndarray, keypoints: np.ndarray, score: float, time_s: float, alone: bool) -> None:
        """Take in a detection: in part where the face was also followed, as far as both agree.

        If not ``alone``, another may hide a part of it: the box found is then smaller than the face, and counts in part.
        """
        step, trust = frame - self.frame, 1.0
        if self.followed:
            trust = float(np.clip(np.abs(step).max() / (STILL_SHARE * self.width), LEAST_TRUST, 1))
        if time_s - self.seen_s > ANEW_S:
            self._box, self._tilt = CalmBox(), OneEuro()
        centre, sides = (step[:2] + step[2:]) / 2, step[2:] - step[:2]
        half = (trust if alone else LEAST_TRUST) * sides / 2
        self.frame = self.frame + np.concatenate([trust * centre - half, trust * centre + half])
        self.keypoints = self.keypoints + trust * (keypoints - self.keypoints)
        if alone or score > self.belief:
            self.belief += (BELIEF_SHARE if self.id else 1 / 2) * (score - self.belief)
        self.score, self.best, self.found_s = score, max(score, self.best), time_s
        self.missed, self.covered = 0, False
        self._see(time_s, alone)

    def remember(self, look: np.ndarray, passed_s: float) -> None:
        """Let the look change slowly into what it is now."""
        self.look = self.look + (1 - np.exp(-passed_s / LOOK_S)) * (look - self.look)

    def settle(self, time_s: float) -> None:
        """Calm what is shown."""
        self.shown = self._box.update(self.frame, time_s)
        tilt = float(eye_tilts(self.keypoints[None])[0])
        self.tilt = float(self._tilt.update(np.array([tilt]), time_s, TILT_UNIT)[0])

    def _see(self, time_s: float, alone: bool) -> None:
        passed_s = time_s - self.seen_s
        if passed_s > 0:
            self.pace = (self.centre - self._place) / passed_s
        if passed_s > 0 and alone:
            self._speeds += 1
            share = max(1 - np.exp(-passed_s / SPEED_S), 1 / self._speeds)
            self.velocity = self.velocity + share * (self.pace - self.velocity)
        self._place, self.seen_s = self.centre, time_s
