"""Faces in images, video files and the webcam: detection, crops, tracks, overlay, pipeline."""

from fer_core.vision.crops import crop_faces, eye_tilts, face_squares
from fer_core.vision.detection import Detections, Detector
from fer_core.vision.faces import Faces
from fer_core.vision.frames import copy_frame, planes_of
from fer_core.vision.framing import Zoom, cut_view, map_faces
from fer_core.vision.labelled import LabelledFaces, find_labelled_faces
from fer_core.vision.mailbox import Mailbox
from fer_core.vision.neutral import NeutralLook
from fer_core.vision.overlay import Overlay, draw_faces
from fer_core.vision.pictures import Picture, read_image, read_picture
from fer_core.vision.pipeline import Pipeline, recognise
from fer_core.vision.planes import Planes
from fer_core.vision.quality import HINTS
from fer_core.vision.search import search_faces

__all__ = [
    "HINTS",
    "Detections",
    "Detector",
    "Faces",
    "LabelledFaces",
    "Mailbox",
    "NeutralLook",
    "Overlay",
    "Picture",
    "Pipeline",
    "Planes",
    "Zoom",
    "copy_frame",
    "crop_faces",
    "cut_view",
    "draw_faces",
    "eye_tilts",
    "face_squares",
    "find_labelled_faces",
    "map_faces",
    "planes_of",
    "read_image",
    "read_picture",
    "recognise",
    "search_faces",
]
