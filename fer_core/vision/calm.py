"""Calms what is measured in every frame: still faces stand still, and fast ones are followed without visible lag.

The One Euro filter (Casiez, Roussel and Vogel 2012, https://gery.casiez.net/1euro/): a low-pass filter whose cutoff rises with
speed. Speeds are in units a second, so that a face near the camera and one far from it are calmed alike.
"""

import numpy as np

LEAST_HZ = 0.2
"""Cutoff at rest: what is faster is taken for noise."""
HZ_PER_SPEED = 6.0
"""How much the cutoff rises with a speed of one unit a second. A steady move of 1 lags by 1 / (2 pi cutoff) = 0.029 units."""
REST_SPEED = 0.12
"""Units a second that noise alone appears to move by: the cutoff rises only above it."""
SPEED_HZ = 1.2
"""Cutoff of the speed itself."""


class OneEuro:
    """Calms one vector over time; its parts share a cutoff, so that a slanting move stays straight."""

    def __init__(self, *, least_hz: float = LEAST_HZ, hz_per_speed: float = HZ_PER_SPEED) -> None:
        """Start with nothing known.

        Args:
            least_hz: cutoff at rest.
            hz_per_speed: how much it rises with a speed of one unit a second.
        """
        self._least_hz = least_hz
        self._hz_per_speed = hz_per_speed
        self._value: np.ndarray | None = None
        self._seen: np.ndarray = np.zeros(0)
        self._speed: np.ndarray = np.zeros(0)
        self._time_s = 0.0

    def update(self, values: np.ndarray, time_s: float, unit: float = 1.0) -> np.ndarray:
        """Take in what was measured.

        Args:
            values: (n,) of any range; n is the same in every call.
            time_s: when; a time that does not advance leaves the vector as it was.
            unit: of speeds, for instance a face's width in pixels; above 0.

        Returns:
            (n,) float64, calmed.
        """
        values = np.asarray(values, np.float64)
        if self._value is None:
            self._value, self._seen, self._speed, self._time_s = values.copy(), values.copy(), np.zeros(len(values)), time_s
        passed_s = time_s - self._time_s
        if passed_s > 0:
            speed = (values - self._seen) / (unit * passed_s)
            self._speed = self._speed + share_of(passed_s, SPEED_HZ) * (speed - self._speed)
            cutoff = self._least_hz + self._hz_per_speed * max(float(np.linalg.norm(self._speed)) - REST_SPEED, 0.0)
            self._value = self._value + share_of(passed_s, cutoff) * (values - self._value)
            self._seen, self._time_s = values.copy(), time_s
        return self._value.copy()


class CalmBox:
    """Calms one face's box: its centre and its sides, in units of its width."""

    def __init__(self) -> None:
        self._centre = OneEuro()
        self._sides = OneEuro()

    def update(self, box: np.ndarray, time_s: float) -> np.ndarray:
        """Take in a (4,) xyxy box and give the calmed one, (4,) float64."""
        corners = np.asarray(box, np.float64).reshape(2, 2)
        unit = max(float(corners[1, 0] - corners[0, 0]), 1.0)
        centre = self._centre.update(corners.mean(axis=0), time_s, unit)
        half = self._sides.update(corners[1] - corners[0], time_s, unit) / 2
        return np.concatenate([centre - half, centre + half])


def share_of(passed_s: float, cutoff_hz: float) -> float:
    """Give what share of the way a first-order low-pass filter goes in ``passed_s``, within 0..1."""
    return 1 / (1 + 1 / (2 * np.pi * cutoff_hz * passed_s))
