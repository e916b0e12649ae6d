"""Boxes: areas, overlaps and clipping. Pure functions of (n, 4) xyxy arrays."""

import numpy as np

Box = tuple[int, int, int, int]
"""One box: left, top, right, bottom in pixels."""


def area_of(boxes: np.ndarray) -> np.ndarray:
    """Give the areas of (n, 4) xyxy boxes as (n,); a box turned inside out has 0."""
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 0)
    area: np.ndarray = sides[:, 0] * sides[:, 1]
    return area


def intersect(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Give the common areas of (n, 4) and (m, 4) xyxy boxes as (n, m)."""
    corner = np.maximum(left[:, None, :2], right[None, :, :2])
    sides = np.maximum(np.minimum(left[:, None, 2:], right[None, :, 2:]) - corner, 0)
    common: np.ndarray = sides[..., 0] * sides[..., 1]
    return common


def overlap(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Give intersection over union of (n, 4) and (m, 4) xyxy boxes as (n, m) within 0..1."""
    common = intersect(left, right)
    union = area_of(left)[:, None] + area_of(right)[None] - common
    share: np.ndarray = common / np.maximum(union, np.finfo(np.float32).tiny)
    return share


def clip_boxes(boxes: np.ndarray, size_wh: tuple[int, int]) -> np.ndarray:
    """Round (n, 4) xyxy boxes to pixels and clip them to an image of ``size_wh``; int32."""
    limits = np.array([*size_wh, *size_wh])
    clipped: np.ndarray = np.clip(np.rint(boxes), 0, limits).astype(np.int32).reshape(-1, 4)
    return clipped
