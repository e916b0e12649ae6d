"""Polygons to pixels, face by face."""

import numpy as np

from fer_core.dataset.drawn.features import Part, draw_brows, draw_eyes, draw_mouth, draw_nose
from fer_core.dataset.drawn.folds import draw_folds
from fer_core.dataset.drawn.head import RIGID, draw_back, draw_glasses, draw_hair, outline_head
from fer_core.dataset.drawn.light import expose, shade
from fer_core.dataset.drawn.people import Values
from fer_core.dataset.drawn.pose import place
from fer_core.labels import IMAGE_SIZE

_FINER = 3
_SLOPE = np.linspace(-0.25, 0.25, IMAGE_SIZE * _FINER, dtype=np.float32)
_LEAST_BLUR = 0.15
_SHIFT = 4
"""Bits of a pixel's fraction that OpenCV is given."""


def paint_faces(face: Values, rng: np.random.Generator) -> np.ndarray:
    """Paint faces.

    Args:
        face: (n,) float32 values by name (see people.py and expressions.py).
        rng: draws the camera's noise.

    Returns:
        (n, 48, 48) uint8.
    """
    n = len(face["skin"])
    shapes = [
        (
            _to_fixed(place(part.outline, part.depth, face), _FINER),
            np.clip(part.tone, 0, 255).tolist(),
            [True] * n if part.shown is None else part.shown.tolist(),
        )
        for part in _list_parts(face)
    ]
    heads = [_to_fixed(place(outline, RIGID, face), 1) for outline in outline_head(face)]
    slopes = face["backdrop"][:, None] * (1 + face["backdrop_slope"][:, None] * _SLOPE)
    images, masks = np.empty((2, n, IMAGE_SIZE, IMAGE_SIZE), np.float32)
    for at in range(n):
        polygons = [(outline[at], tone[at]) for outline, tone, shown in shapes if shown[at]]
        images[at] = _paint_polygons(slopes[at], polygons, float(face["blur"][at]))
        masks[at] = _paint_mask([outline[at] for outline in heads])
    return expose(images * shade(face, masks), face, rng)


def _list_parts(face: Values) -> list[Part]:
    """All parts in painting order."""
    return [
        *draw_back(face),
        *draw_folds(face),
        *draw_nose(face),
        *draw_mouth(face),
        *draw_eyes(face),
        *draw_brows(face),
        *draw_hair(face),
        *draw_glasses(face),
    ]


def _paint_polygons(backdrop: np.ndarray, polygons: list[tuple[np.ndarray, float]], blur: float) -> np.ndarray:
    """One face, flat, before a backdrop given by its rows: (48, 48) float32 gray levels."""
    import cv2

    canvas = np.empty((IMAGE_SIZE * _FINER, IMAGE_SIZE * _FINER), np.uint8)
    canvas[:] = np.clip(backdrop, 0, 255)[:, None]
    for outline, tone in polygons:
        cv2.fillPoly(canvas, [outline], tone, cv2.LINE_AA, _SHIFT)
    small = cv2.resize(canvas, (IMAGE_SIZE, IMAGE_SIZE), interpolation=cv2.INTER_AREA).astype(np.float32)
    return cv2.GaussianBlur(small, (0, 0), blur) if blur > _LEAST_BLUR else small


def _paint_mask(outlines: list[np.ndarray]) -> np.ndarray:
    """Where one head is, a little larger and with a soft edge: (48, 48) float32 0..1."""
    import cv2

    mask = np.zeros((IMAGE_SIZE, IMAGE_SIZE), np.uint8)
    for outline in outlines:
        cv2.fillPoly(mask, [outline], 255, cv2.LINE_AA, _SHIFT)
    soft = cv2.blur(cv2.dilate(mask, np.ones((3, 3), np.uint8)), (3, 3))
    return np.asarray(soft, np.float32) / np.float32(255)


def _to_fixed(outline: np.ndarray, finer: int) -> np.ndarray:
    """Frame pixels to the whole numbers that OpenCV takes, with _SHIFT bits of fraction."""
    fixed: np.ndarray = np.rint(outline * (finer << _SHIFT)).astype(np.int32)
    return fixed
