"""How much finding faces may cost: when the next detection is due."""

import numpy as np

from fer_core.vision.boxes import overlap
from fer_core.vision.flow import MOST_FOLLOWED
from fer_core.vision.track import Track

STEADY_S = 0.25
"""Between detections while every face is followed well: four a second."""
EMPTY_S = 0.05
"""While nobody is known: nothing else costs anything then, and it takes several looks to see all."""
LOST_S = 0.1
"""While somebody is hidden or just left, and while there are more faces than are followed."""
BUSY_S = 0.05
"""While a face was missed or could not be followed, or two overlap: 20 a second are the most."""
NEAR = 0.15
"""Boxes that overlap by this share may be about to cross."""
SLACK_S = 0.01
"""Cameras do not keep time to the millisecond: a frame that comes this much early need not wait for the next."""


def detection_gap(tracks: list[Track], visible: list[Track]) -> float:
    """Give the seconds that should lie between the last look at the whole, or at a part of it, and the next.

    Args:
        tracks: all that are remembered, as they are in this frame.
        visible: those of them that would be shown.
    """
    if not any(track.id for track in tracks):
        return EMPTY_S
    crowd = len(visible) > MOST_FOLLOWED
    lost = any(not track.followed for track in visible) and not crowd
    missed = any(track.missed for track in visible)
    if lost or missed or any_near(visible):
        return BUSY_S
    return LOST_S if crowd or len(visible) < sum(track.id > 0 for track in tracks) else STEADY_S


def is_due(gap_s: float, last_s: float, time_s: float) -> bool:
    """Say whether ``gap_s`` has passed since ``last_s``, or nearly so."""
    return time_s - last_s >= gap_s - SLACK_S


def any_near(tracks: list[Track], share: float = NEAR) -> bool:
    """Say whether two of them overlap by more than this share."""
    frames = np.array([track.frame for track in tracks]).reshape(-1, 4)
    return bool((overlap(frames, frames) > share).sum() > len(frames))
