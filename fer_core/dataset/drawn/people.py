"""Who is drawn: shapes, tones, hair, pose and light, drawn at random."""

import numpy as np

Values = dict[str, np.ndarray]
"""One (n,) array a name."""

_JITTER = {
    "brow_inner_y": 0.4,
    "brow_middle_y": 0.4,
    "brow_outer_y": 0.4,
    "brow_inner_x": 0.3,
    "lid_upper": 0.16,
    "lid_lower": 0.12,
    "gaze_y": 0.12,
    "nose_y": 0.6,
    "nostril": 0.12,
    "mouth_y": 0.6,
    "mouth_width": 0.45,
    "corner_y": 0.22,
    "lip_upper": 0.22,
    "lip_lower": 0.28,
    "jaw": 0.4,
}
"""Standard deviation of each measure between people, in frame pixels (see expressions.py)."""


def vary_faces(rng: np.random.Generator, moves: Values) -> Values:
    """Give each face a build of its own."""
    n = len(moves["jaw"])
    varied = {
        name: values + rng.normal(0, _JITTER.get(name, 0), n) if name in _JITTER else values for name, values in moves.items()
    }
    opening = rng.uniform(0.6, 1.15, n)
    varied |= {gap: varied[gap] * opening for gap in ("gap_upper", "gap_lower")}
    varied["lid_upper"] = np.maximum(varied["lid_upper"], 0.55)
    varied["lid_lower"] = np.maximum(varied["lid_lower"], 0.35)
    for lip in ("lip_upper", "lip_lower"):
        varied[lip] = np.maximum(varied[lip], 0.35)
    return varied


def draw_people(rng: np.random.Generator, n: int) -> Values:
    """Draw what does not depend on the expression: build, tones (0..255), hair style."""
    skin = np.clip(rng.choice([205, 188, 168, 140, 108], n, p=[0.28, 0.27, 0.2, 0.15, 0.1]) + rng.normal(0, 9, n), 88, 222)
    dark = np.where(skin < 150, 0.12, 0.5)
    hair = np.where(rng.random(n) < dark, rng.uniform(95, 200, n), rng.uniform(22, 75, n))
    hair = np.where(np.abs(hair - skin) < 35, hair * 0.55, hair)
    long_hair = rng.random(n) < 0.45
    return {
        "skin": skin,
        "hair": hair,
        "backdrop": np.where(rng.random(n) < 0.5, rng.uniform(30, 110, n), rng.uniform(130, 225, n)),
        "backdrop_slope": rng.normal(0, 0.5, n),
        "face_width": rng.normal(17.9, 0.8, n),
        "jaw_width": rng.normal(1.0, 0.045, n),
        "chin_y": rng.normal(46.6, 0.7, n),
        "eye_x": rng.normal(8.9, 0.35, n),
        "eye_y": rng.normal(18.7, 0.35, n),
        "eye_width": rng.normal(4.15, 0.22, n),
        "eye_tilt": rng.normal(0.25, 0.3, n),
        "iris": rng.uniform(35, 115, n),
        "gaze_x": rng.normal(0, 0.45, n),
        "brow_width": np.clip(rng.normal(1.75, 0.35, n), 1.1, 2.6),
        "brow_length": rng.normal(9.6, 0.5, n),
        "nose_width": rng.normal(3.6, 0.35, n),
        "lips": rng.uniform(0.58, 0.8, n),
        "hairline_y": np.where(rng.random(n) < 0.1, -7, rng.normal(2.6, 1.4, n)),
        "parting": rng.normal(0, 8, n),
        "fringe": np.where(long_hair, rng.uniform(0.3, 2.6, n), rng.uniform(-0.3, 1.6, n)),
        "temple": rng.uniform(3.0, 9.0, n),
        "wave": rng.uniform(0, 0.45, n),
        "hair_length": np.where(long_hair, rng.uniform(34, 60, n), rng.uniform(14, 21, n)),
        "hair_width": np.where(long_hair, rng.uniform(21.5, 25, n), rng.uniform(19.6, 21, n)),
        "ear": np.where(long_hair, rng.random(n) < 0.25, True).astype(float),
        "beard": np.where(long_hair, 0, np.where(rng.random(n) < 0.3, rng.uniform(0.25, 1, n), 0)),
        "glasses": (rng.random(n) < 0.12).astype(float),
        "lashes": np.where(long_hair, rng.uniform(0.5, 1, n), rng.uniform(0, 0.3, n)),
        "age": rng.beta(1.2, 2.5, n),
    }


def draw_poses(rng: np.random.Generator, n: int) -> Values:
    """Draw pose: angles in radians, shifts in frame pixels, scale."""
    return {
        "yaw": np.clip(rng.normal(0, 0.13, n), -0.33, 0.33),
        "pitch": np.clip(rng.normal(0, 0.07, n), -0.17, 0.17),
        "roll": rng.normal(0, 0.09, n),
        "scale": rng.normal(1.03, 0.04, n),
        "shift_x": rng.normal(0, 0.8, n),
        "shift_y": rng.normal(0, 0.8, n),
    }


def draw_lights(rng: np.random.Generator, n: int) -> Values:
    """Draw light and camera: direction in radians, strength, exposure, blur and noise in frame pixels and gray levels."""
    return {
        "light_angle": rng.normal(0, 1.0, n),
        "light_strength": rng.uniform(0.12, 0.6, n),
        "exposure": np.exp(np.clip(rng.normal(0.09, 0.11, n), -0.2, 0.27)),
        "contrast": rng.uniform(0.8, 1.1, n),
        "blur": rng.uniform(0, 0.6, n) ** 1.5,
        "noise": 0.8 + 7 * rng.beta(1.1, 4.5, n),
    }
