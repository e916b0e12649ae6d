"""What the tests of the live page share."""

import io
from fractions import Fraction
from typing import Any

import av
import numpy as np
from PIL import Image
from skimage import data
from streamlit.testing.v1 import AppTest


def portrait() -> Image.Image:
    """One smiling face, 512 x 512."""
    return Image.fromarray(data.astronaut())


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error)
    return "\n".join(element.value for kind in kinds for element in kind)


def give(app: AppTest, content: bytes, name: str = "picture.jpg") -> AppTest:
    return app.file_uploader[0].set_value((name, content, "application/octet-stream")).run()


def video_frame(pts: int = 3000) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.asarray(portrait().resize((480, 480))), format="rgb24").reformat(format="yuv420p")
    frame.pts, frame.time_base = pts, Fraction(1, 90000)
    return frame


def answer(stream: Any, frame: av.VideoFrame) -> av.VideoFrame:
    """What the page sends back for a frame of the camera."""
    shown: av.VideoFrame = stream.options["source_video_track"].work(frame)
    return shown


def panel(app: AppTest) -> str:
    return "".join(str(element.value) for element in app.get("html"))
