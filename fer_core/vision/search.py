"""Looks for faces in a still picture more closely than a stream has time for.

One look at 192 x 192 pixels misses small faces, and faces that fill the picture. Here the picture is also looked at in
overlapping tiles and from farther away, with a low score to begin with, and each candidate is then looked at again with
the surroundings the network knows best. What is a face in the mean of both looks stays: chance likenesses seldom are.
"""

import numpy as np

from fer_core.vision.boxes import Box, area_of, overlap
from fer_core.vision.detection import Detections, Detector, merge_same_faces, to_detections
from fer_core.vision.planes import size_of
from fer_core.vision.tiles import are_uncut, tile_boxes

CANDIDATE_SCORE = 0.3
CLOSE_SCORE = 0.2
SURE_SCORE = 0.55
"""What both looks must give in the mean, unless the detector's own least score is higher."""
MOST_CANDIDATES = 100
TILE_SHARES = (0.5, 0.25)
"""Sides of the tiles over the picture's longest side; tiles smaller than the network's input would show nothing new."""
LEAST_SIDE = 20
"""A face of fewer pixels found in a tile only is left out: it carries no expression."""
FAR_MARGIN = 0.5
"""Black around the picture when it is looked at from farther away, over its longest side."""
CLOSE_SIDES = 3.0
"""Side of the closer look, in widths of the face."""
SAME_PLACE_OVERLAP = 0.35


def search_faces(image: np.ndarray, detector: Detector) -> Detections:
    """Find the faces in a still picture, small ones too.

    Args:
        image: (h, w, 3) BGR uint8 of any size.
        detector: looks.

    Returns:
        The faces found, boxes from the closer look, scores the mean of both looks, the surest first.
    """
    points, scores = _candidates(image, detector)
    points, scores = points[:MOST_CANDIDATES].copy(), scores[:MOST_CANDIDATES].copy()
    for index, frame in enumerate(points[:, :2].reshape(-1, 4)):
        closer, score = _look_closer(image, frame, detector)
        scores[index] = (scores[index] + score) / 2 if score else 0
        points[index] = closer
    sure = scores >= max(SURE_SCORE, detector.min_score)
    return to_detections(*merge_same_faces(points[sure], scores[sure]), size_of(image))


def _candidates(image: np.ndarray, detector: Detector) -> tuple[np.ndarray, np.ndarray]:
    width, height = size_of(image)
    margin = round(FAR_MARGIN * max(width, height))
    looks = [_points(detector.detect(image, min_score=CANDIDATE_SCORE))]
    looks.append(_look(image, (-margin, -margin, width + margin, height + margin), detector, CANDIDATE_SCORE))
    for box in tile_boxes((width, height), TILE_SHARES):
        points, scores = _look(image, box, detector, CANDIDATE_SCORE)
        frames = points[:, :2].reshape(-1, 4)
        whole = are_uncut(frames, box, (width, height)) & (area_of(frames) >= LEAST_SIDE**2)
        looks.append((points[whole], scores[whole]))
    return merge_same_faces(np.concatenate([look[0] for look in looks]), np.concatenate([look[1] for look in looks]))


def _look_closer(image: np.ndarray, frame: np.ndarray, detector: Detector) -> tuple[np.ndarray, float]:
    """Look at a candidate with some of what surrounds it; a score of 0 where it turns out to be no face."""
    centre, half = (frame[:2] + frame[2:]) / 2, CLOSE_SIDES / 2 * (frame[2:] - frame[:2]).max()
    left, top, right, bottom = np.rint([*(centre - half), *(centre + half)]).astype(int).tolist()
    points, scores = _look(image, (left, top, right, bottom), detector, CLOSE_SCORE)
    shares = overlap(points[:, :2].reshape(-1, 4), frame[None])[:, 0]
    if shares.max(initial=0) < SAME_PLACE_OVERLAP:
        return np.zeros((8, 2), np.float32), 0.0
    best = int(shares.argmax())
    return points[best], float(scores[best])


def _look(image: np.ndarray, box: Box, detector: Detector, min_score: float) -> tuple[np.ndarray, np.ndarray]:
    """Detect in a part of the image."""
    return _points(detector.detect(image, box=box, min_score=min_score))


def _points(found: Detections) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([found.frames.reshape(-1, 2, 2), found.keypoints], axis=1), found.scores
