"""Seven expressions as movements of a face, after Ekman and Friesen's Facial Action Coding System.

Lengths are pixels of a 48 x 48 frame, x outwards from the middle of the face, y downwards; the rest are shares 0..1.
"""

import numpy as np

from fer_core.labels import EMOTIONS

REST = {
    "brow_inner_y": 13.2,
    "brow_middle_y": 11.9,
    "brow_outer_y": 13.6,
    "brow_inner_x": 3.9,
    "lid_upper": 1.9,
    "lid_lower": 1.3,
    "lid_droop": 0.0,
    "gaze_y": 0.0,
    "nose_y": 30.2,
    "nostril": 1.0,
    "mouth_y": 37.6,
    "mouth_width": 5.7,
    "corner_y": 0.0,
    "gap_upper": 0.0,
    "gap_lower": 0.0,
    "gap_square": 0.0,
    "lip_upper": 1.25,
    "lip_lower": 1.75,
    "teeth_upper": 0.0,
    "teeth_lower": 0.0,
    "jaw": 0.0,
    "frown": 0.0,
    "forehead": 0.0,
    "nose_wrinkle": 0.0,
    "fold": 0.12,
    "crow": 0.0,
    "bag": 0.1,
    "cheek": 0.0,
    "chin": 0.0,
}
"""A face at rest."""

_MOVES = {
    "angry": {
        "brow_inner_y": 3.1,
        "brow_middle_y": 1.7,
        "brow_outer_y": -0.9,
        "brow_inner_x": -1.3,
        "lid_upper": -0.25,
        "lid_lower": -0.35,
        "nostril": 0.35,
        "mouth_width": -0.5,
        "corner_y": 0.75,
        "lip_upper": -0.55,
        "lip_lower": -0.6,
        "frown": 1.0,
        "fold": 0.3,
        "chin": 0.5,
        "jaw": -0.3,
    },
    "disgust": {
        "brow_inner_y": 1.9,
        "brow_middle_y": 1.5,
        "brow_outer_y": 0.9,
        "brow_inner_x": -0.6,
        "lid_upper": -0.85,
        "lid_lower": -0.65,
        "nose_y": -1.3,
        "nostril": 0.4,
        "mouth_y": -0.5,
        "mouth_width": -0.2,
        "corner_y": 1.9,
        "gap_upper": 1.5,
        "gap_lower": 0.25,
        "gap_square": 0.3,
        "lip_upper": 0.1,
        "lip_lower": 0.35,
        "teeth_upper": 0.9,
        "frown": 0.25,
        "nose_wrinkle": 1.0,
        "fold": 0.85,
        "bag": 0.5,
        "cheek": 0.35,
    },
    "fear": {
        "brow_inner_y": -2.5,
        "brow_middle_y": -1.0,
        "brow_outer_y": 0.5,
        "brow_inner_x": -1.0,
        "lid_upper": 1.3,
        "lid_lower": 0.2,
        "mouth_width": 1.8,
        "corner_y": 0.6,
        "gap_upper": 0.7,
        "gap_lower": 2.9,
        "gap_square": 1.0,
        "lip_upper": -0.35,
        "lip_lower": -0.5,
        "teeth_lower": 0.35,
        "teeth_upper": 0.25,
        "jaw": 1.0,
        "forehead": 0.65,
        "frown": 0.25,
        "fold": 0.2,
    },
    "happy": {
        "brow_outer_y": 0.2,
        "lid_upper": -0.35,
        "lid_lower": -0.6,
        "nose_y": -0.3,
        "nostril": 0.3,
        "mouth_y": -0.5,
        "mouth_width": 2.5,
        "corner_y": -2.6,
        "gap_upper": -0.5,
        "gap_lower": 3.6,
        "lip_upper": -0.3,
        "lip_lower": -0.35,
        "teeth_upper": 1.0,
        "jaw": 0.4,
        "fold": 0.75,
        "crow": 1.0,
        "bag": 0.6,
        "cheek": 1.0,
    },
    "sad": {
        "brow_inner_y": -2.3,
        "brow_middle_y": 0.4,
        "brow_outer_y": 2.0,
        "brow_inner_x": -0.5,
        "lid_upper": -0.6,
        "lid_lower": -0.1,
        "lid_droop": 0.9,
        "gaze_y": 0.5,
        "mouth_width": -0.4,
        "mouth_y": 0.2,
        "corner_y": 2.2,
        "lip_upper": -0.25,
        "lip_lower": 0.25,
        "forehead": 0.25,
        "fold": 0.25,
        "bag": 0.35,
        "chin": 0.9,
    },
    "surprise": {
        "brow_inner_y": -3.0,
        "brow_middle_y": -3.7,
        "brow_outer_y": -3.0,
        "lid_upper": 1.15,
        "lid_lower": 0.3,
        "mouth_y": 0.7,
        "mouth_width": -1.5,
        "gap_upper": 1.9,
        "gap_lower": 4.3,
        "lip_upper": -0.2,
        "lip_lower": -0.4,
        "teeth_upper": 0.25,
        "jaw": 2.2,
        "forehead": 0.9,
    },
    "neutral": {},
}


def move_faces(weights: np.ndarray) -> dict[str, np.ndarray]:
    """Add weighted expressions to a face at rest.

    Args:
        weights: (n, 7) float, how much of each emotion, in label order.

    Returns:
        For each name in REST, (n,) float32.
    """
    moves = np.array([[_MOVES[emotion].get(name, 0.0) for name in REST] for emotion in EMOTIONS])
    rest = np.array(list(REST.values()))
    return dict(zip(REST, (rest + weights @ moves).T.astype(np.float32), strict=True))
