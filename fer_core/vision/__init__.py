"""Faces in images, video files and the webcam: detection, crops, tracks, overlay, pipeline."""

from fer_core.vision.crops import crop_faces, face_squares
from fer_core.vision.detection import Detections, Detector
from fer_core.vision.faces import Faces
from fer_core.vision.mailbox import Mailbox
from fer_core.vision.neutral import NeutralLook
from fer_core.vision.overlay import draw_faces
from fer_core.vision.pictures import Picture, read_image, read_picture
from fer_core.vision.pipeline import Pipeline, recognise
from fer_core.vision.planes import Planes
from fer_core.vision.search import search_faces

__all__ = [
    "Detections",
    "Detector",
    "Faces",
    "Mailbox",
    "NeutralLook",
    "Picture",
    "Pipeline",
    "Planes",
    "crop_faces",
    "draw_faces",
    "face_squares",
    "read_image",
    "read_picture",
    "recognise",
    "search_faces",
]
