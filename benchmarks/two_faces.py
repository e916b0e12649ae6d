"""Two faces that cross, or are covered for a second: do their ids stay? Part of bench_steady."""

from collections import Counter
from collections.abc import Sequence

from benchmarks.clips import FRAME_S, HeadClassifier, OnceDetector, Square, Studio, find_face
from benchmarks.pasting import FRAME_WH, expose, paste
from fer_core.vision import Detector, Faces, Pipeline

CROSS_SIDE, CROSS_S, COVER_S = 120.0, 3.0, 1.0
MARGIN = 60.0
COVERED = {"crossing": (), "one covered for 1 s": (0,), "both covered for 1 s": (0, 1)}
KINDS = tuple(COVERED)
BEFORE_S, AFTER_S = 1.0, 1.0
EASY_SCORE = 0.7
SETTLED_S = 0.9
"""When the ids are first read: shortly before anything happens."""


def crossing_squares(frame: int, frames: int) -> list[Square]:
    """Two faces that pass through each other's place in the middle of the clip, the second a little lower."""
    share = min(max((frame / frames - 0.15) / 0.7, 0), 1)
    start, end = MARGIN, FRAME_WH[0] - MARGIN - CROSS_SIDE
    return [(start + share * (end - start), 160, CROSS_SIDE), (end + share * (start - end), 185, CROSS_SIDE)]


def bench_ids(studio: Studio, classifier: HeadClassifier, clips: int) -> None:
    """Let faces cross and be covered, and see which ids they have afterwards; only faces that the detector finds easily."""
    detector = OnceDetector()
    easy = find_easy(studio, detector, 2 * clips)
    pairs = list(zip(easy[::2], easy[1::2], strict=False))
    for kind in KINDS:
        clips_ids = [follow_two(studio, Pipeline(detector, classifier), pair, kind) for pair in pairs]
        outcomes = Counter(judge_ids(ids, round(SETTLED_S / FRAME_S)) for ids in clips_ids)
        print(f"ids, {kind}: {len(pairs)} clips: " + ", ".join(f"{outcome} {n}" for outcome, n in sorted(outcomes.items())))


def find_easy(studio: Studio, detector: Detector, n: int) -> list[int]:
    """Give up to ``n`` faces that the detector is sure of: what is measured is not whether they are found."""
    easy: list[int] = []
    for index in range(len(studio.split)):
        if len(easy) == n:
            break
        random, scene, _ = studio.set_up(index)
        square = crossing_squares(0, 1)[0]
        found = detector.detect(paste(scene, studio.bust(index, random), square))
        at = find_face(found, square)
        if at is not None and found.scores[at] >= EASY_SCORE:
            easy.append(index)
    return easy


def follow_two(studio: Studio, pipeline: Pipeline, pair: tuple[int, int], kind: str) -> list[tuple[int | None, ...]]:
    """Show one clip of two faces; give their ids in each frame, None where one is not found."""
    random, scene, camera = studio.set_up(*pair)
    busts = [studio.bust(index, random) for index in pair]
    seconds = CROSS_S if kind == KINDS[0] else BEFORE_S + COVER_S + AFTER_S
    frames = round(seconds / FRAME_S)
    ids = []
    for frame in range(frames):
        squares = crossing_squares(frame, frames) if kind == KINDS[0] else crossing_squares(0, 1)
        covered = BEFORE_S <= frame * FRAME_S + 1e-6 < BEFORE_S + COVER_S
        image = scene
        for face, (bust, square) in enumerate(zip(busts, squares, strict=True)):
            image = image if covered and face in COVERED[kind] else paste(image, bust, square)
        faces = pipeline.process(expose(image, camera, random), frame * FRAME_S)
        ids.append(tuple(_id_at(faces, square) for square in squares))
    return ids


def judge_ids(ids: Sequence[tuple[int | None, ...]], first: int) -> str:
    """Compare the two faces' ids at frame ``first`` and in the last one."""
    before, after = ids[first], ids[-1]
    if None in before or None in after:
        return "not found"
    if any(now in before and now != then for then, now in zip(before, after, strict=True)):
        return "swapped"
    return "kept" if before == after else "new id"


def _id_at(faces: Faces, square: Square) -> int | None:
    at = find_face(faces, square)
    return None if at is None else int(faces.ids[at])
