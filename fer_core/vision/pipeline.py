"""From an image or a stream of frames to faces with expressions."""

import time

import cv2
import numpy as np

from fer_core.labels import EMOTIONS
from fer_core.model import Classifier
from fer_core.vision.boxes import area_of, clip_boxes
from fer_core.vision.crops import crop_faces, eye_tilts
from fer_core.vision.detection import Detector
from fer_core.vision.expressions import Expressions
from fer_core.vision.faces import Faces
from fer_core.vision.flow import Flow
from fer_core.vision.gaze import Gaze, Look
from fer_core.vision.looks import describe_faces
from fer_core.vision.neutral import NeutralBaseline, NeutralLook
from fer_core.vision.planes import Planes, size_of, to_gray
from fer_core.vision.qualities import Qualities
from fer_core.vision.search import search_faces
from fer_core.vision.tiles import are_uncut
from fer_core.vision.track import Track
from fer_core.vision.tracks import Tracker

FOLLOWED_S = 0.45
"""Over a longer gap between frames nothing is followed."""
KEEP_SCORE = 0.3
"""So weak a detection still confirms a face that is known, so that what hovers about the detector's least will not flicker."""
FOCUS_RATIO = 1.3
"""Another face takes the focus when its area is this many times that of the one in focus."""


def recognise(image: np.ndarray, detector: Detector, classifier: Classifier) -> Faces:
    """Find and classify all faces in one still image, looking closely.

    Args:
        image: (h, w, 3) BGR uint8.
        detector: finds them.
        classifier: classifies them.

    Returns:
        The faces, the surest detection first.
    """
    started = time.perf_counter()
    found = search_faces(image, detector)
    tilts = eye_tilts(found.keypoints)
    crops = crop_faces(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), found.frames, tilts) if len(found) else None
    probabilities = np.empty((0, len(EMOTIONS)), np.float32) if crops is None else classifier.predict_probabilities(crops)
    return Faces(
        boxes=found.boxes,
        scores=found.scores,
        probabilities=probabilities,
        ids=np.arange(len(found), dtype=np.int32),
        threshold=classifier.threshold,
        elapsed_ms=(time.perf_counter() - started) * 1000,
        tilts=tilts,
    )


class Pipeline:
    """Recognises the faces of one stream; for one thread, but for the neutral look, which any thread may ask for.

    A frame costs what ``budget``, ``flow``, ``expressions`` and ``qualities`` allow: faces are found a few times a second and
    followed in between, and each is read about 15 times a second.
    """

    def __init__(self, detector: Detector, classifier: Classifier) -> None:
        self._detector = detector
        self._classifier = classifier
        self._tracker = Tracker()
        self._gaze = Gaze()
        self._flow = Flow()
        self._expressions = Expressions(classifier.threshold)
        self._qualities = Qualities()
        self._neutral = NeutralBaseline()
        self._focus_id: int | None = None
        self._time_s = -np.inf

    @property
    def neutral(self) -> NeutralLook:
        """How far the neutral look has come."""
        return self._neutral.look

    def begin_neutral(self) -> None:
        """Learn the resting look of the face in focus over the next three seconds; it is taken out from then on."""
        self._neutral.begin()

    def forget_neutral(self) -> None:
        """Take no neutral look out any more."""
        self._neutral.forget()

    def process(self, picture: np.ndarray | Planes, time_s: float) -> Faces:
        """Find or follow the faces of the next frame and read their expressions.

        Args:
            picture: (h, w, 3) BGR uint8, or planes; read only, and not kept. Its size may change within the stream.
            time_s: the frame's time in its stream.

        Returns:
            The faces seen in this frame, the longest known first.
        """
        started = time.perf_counter()
        luma = picture.y if isinstance(picture, Planes) else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        size_wh = size_of(picture)
        self._follow(luma, size_wh, time_s)
        look = self._gaze.choose(self._tracker.tracks, self._tracker.visible(), size_wh, time_s)
        if look is not None:
            self._find(picture, luma, look)
        tracks = self._tracker.visible()
        for track in tracks:
            track.settle(time_s)
        self._choose_focus(tracks)
        self._read(picture, luma, tracks, time_s)
        return self._faces(tracks, size_wh, time_s, started)

    def _follow(self, luma: np.ndarray, size_wh: tuple[int, int], time_s: float) -> None:
        """Carry all that is known over to this frame."""
        anew = self._tracker.begin(time_s, size_wh)
        if anew or time_s - self._time_s > FOLLOWED_S:
            self._flow = Flow()
        if anew:
            self._gaze = Gaze()
        self._time_s = time_s
        tracks = self._tracker.followable()
        motions = self._flow.follow(luma, _frames(tracks))
        self._tracker.advance({track: motion for track, motion in zip(tracks, motions, strict=True) if motion}, time_s)

    def _find(self, picture: np.ndarray | Planes, luma: np.ndarray, look: Look) -> None:
        found = self._detector.detect(picture, box=look.box, min_score=KEEP_SCORE)
        found = found.of(are_uncut(found.frames, look.box, size_of(picture)))
        crops = _crop(picture, luma, found.frames, eye_tilts(found.keypoints))
        looks = describe_faces(picture, found.frames, crops)
        self._tracker.find(found, looks, should_find=look.should_find, part=None if look.should_find else look.box)

    def _choose_focus(self, tracks: list[Track]) -> None:
        """Keep the focus on a face as long as it is remembered and no other is clearly larger."""
        areas = {track.id: float(area_of(track.shown[None])[0]) for track in tracks}
        if self._focus_id not in self._tracker.ids:
            self._focus_id = None
        if not areas:
            return
        largest = max(areas, key=lambda key: areas[key])
        if self._focus_id is None or areas[largest] > FOCUS_RATIO * areas.get(self._focus_id, np.inf):
            self._focus_id = largest

    def _read(self, picture: np.ndarray | Planes, luma: np.ndarray, tracks: list[Track], time_s: float) -> None:
        """Read the expressions and measure the qualities of the faces whose turn it is."""
        known = self._tracker.ids
        for part in (self._expressions, self._qualities, self._neutral):
            part.keep(known)
        due = set(self._expressions.due([track.id for track in tracks], time_s))
        turn = [track for track in tracks if track.id in due]
        if turn:
            crops = _crop(picture, luma, np.array([track.shown for track in turn]), np.array([track.tilt for track in turn]))
            ids = [track.id for track in turn]
            mirrored = self._expressions.mirrored(ids)
            crops[mirrored] = crops[mirrored, :, ::-1]
            rows = self._classifier.predict_probabilities(crops)
            self._expressions.learn(ids, rows, time_s)
            self._neutral.learn(self._focus_id, ids, rows, time_s)
        self._qualities.measure(luma, tracks, time_s)

    def _faces(self, tracks: list[Track], size_wh: tuple[int, int], time_s: float, started: float) -> Faces:
        ids = [track.id for track in tracks]
        probabilities, labels, unsure = self._expressions.show(ids, self._neutral.shifts(ids), time_s)
        return Faces(
            boxes=clip_boxes(np.array([track.shown for track in tracks]).reshape(-1, 4), size_wh),
            scores=np.array([track.score for track in tracks], np.float32),
            probabilities=probabilities,
            ids=np.array(ids, np.int32),
            threshold=self._classifier.threshold,
            time_s=time_s,
            elapsed_ms=(time.perf_counter() - started) * 1000,
            labels=labels,
            unsure=unsure,
            tilts=np.array([track.tilt for track in tracks], np.float32),
            qualities=self._qualities.of(ids),
            hints=self._qualities.hints(self._focus_id),
            focus_id=self._focus_id,
        )


def _crop(picture: np.ndarray | Planes, luma: np.ndarray, frames: np.ndarray, tilts: np.ndarray) -> np.ndarray:
    """Cut faces out as the classifier knows them; only the crops are stretched to full range."""
    if not len(frames):
        return np.empty((0, 48, 48), np.uint8)
    crops = crop_faces(luma, frames, tilts)
    return to_gray(crops) if isinstance(picture, Planes) else crops


def _frames(tracks: list[Track]) -> np.ndarray:
    return np.array([track.frame for track in tracks]).reshape(-1, 4)
