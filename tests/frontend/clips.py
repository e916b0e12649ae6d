"""Two hundred frames that ask everything of a pipeline: a face that moves, tilts and hides, two that cross, nobody."""

import numpy as np

from tests.browser.camera import face_frame
from tests.vision.clips import background, crossing, paste

FPS = 20.0


def parity_clips() -> list[list[np.ndarray]]:
    """Give clips of (480, 640, 3) BGR uint8 frames, 200 in all."""
    return [_panned(60), _tilted(50), _crossed(60), _left(30)]


def _panned(frames: int) -> list[np.ndarray]:
    return [face_frame(number / 120) for number in range(frames)]


def _tilted(frames: int) -> list[np.ndarray]:
    """One face that tilts by up to 35 degrees, comes nearer and goes to the edge."""
    clip = []
    for number in range(frames):
        share = number / frames
        image = background().copy()
        paste(image, "hopper", (320 + 280 * share**2, 240), 100 + 60 * share, 35 * float(np.sin(2 * np.pi * share)))
        clip.append(image)
    return clip


def _crossed(frames: int) -> list[np.ndarray]:
    shots = [shot.image for shot in crossing(fps=FPS)]
    middle = len(shots) // 2
    return shots[middle - frames // 2 : middle + frames // 2]


def _left(frames: int) -> list[np.ndarray]:
    """A small face for half of the time, then nobody."""
    clip = []
    for number in range(frames):
        image = background().copy()
        if number < frames // 2:
            paste(image, "collins", (200 + 3 * number, 200), 45)
        clip.append(image)
    return clip
