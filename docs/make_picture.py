"""Make docs/studio.png for the README: `python docs/make_picture.py`.

From the drawn sample and the public-domain NASA portrait that scikit-image carries, and what the serving model says of it.
"""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from skimage import data

from fer_core.dataset import draw_sample
from fer_core.labels import EMOTION_COLOURS, EMOTIONS
from fer_core.model import Classifier, load_model
from fer_core.vision import Detector, draw_faces, recognise

HEIGHT = 480
TILE = 92
GAP = 8
LABEL = 30
COLUMNS = len(EMOTIONS)


def main() -> None:
    """Draw the recognised portrait beside rows of drawn faces, and save both as one picture."""
    portrait = draw_portrait()
    faces = draw_grid(HEIGHT // (TILE + GAP))
    canvas = np.full((HEIGHT, portrait.shape[1] + 28 + faces.shape[1], 3), 255, np.uint8)
    canvas[:, : portrait.shape[1]] = portrait
    top = (HEIGHT - faces.shape[0]) // 2
    canvas[top : top + faces.shape[0], portrait.shape[1] + 28 :] = faces
    Image.fromarray(canvas).save(Path(__file__).with_name("studio.png"), optimize=True)


def draw_portrait() -> np.ndarray:
    """Give (480, 480, 3) RGB uint8: the portrait with box, label and bars."""
    image = np.ascontiguousarray(cv2.resize(data.astronaut(), (HEIGHT, HEIGHT), interpolation=cv2.INTER_AREA)[..., ::-1])
    faces = recognise(image, Detector(), Classifier(load_model()))
    return draw_faces(image, faces)[..., ::-1]


def draw_grid(rows: int) -> np.ndarray:
    """Give RGB uint8 with ``rows`` drawn faces of each emotion, a column each, and its name below."""
    split = draw_sample().split("train")
    canvas = Image.new("RGB", (COLUMNS * (TILE + GAP) - GAP, (rows - 1) * (TILE + GAP) + LABEL), "white")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(size=17)
    for column, emotion in enumerate(EMOTIONS):
        left = column * (TILE + GAP)
        for row, image in enumerate(split.images[split.labels == column][: rows - 1]):
            canvas.paste(Image.fromarray(image).resize((TILE, TILE), Image.Resampling.LANCZOS), (left, row * (TILE + GAP)))
        bottom = (rows - 1) * (TILE + GAP)
        draw.rectangle((left, bottom - GAP + 2, left + TILE - 1, bottom - 1), fill=EMOTION_COLOURS[emotion])
        draw.text((left + TILE / 2, bottom + 4), emotion, fill="#222222", font=font, anchor="ma")
    return np.array(canvas)


if __name__ == "__main__":
    main()
