"""What turning crops upright gains, and what each hint about a picture means: `python -m benchmarks.bench_framing [MODEL …]`.

Faces of FER2013's validation (--faces N of them, chosen with seed 0) take the place of the face of scikit-image's astronaut,
their brightness matched, so that the detector sees a whole head around them; 120 pixels wide, in 640 x 480, with camera noise.
First table: the head tilted either way, detected, cropped as it is and turned upright; accuracy on the faces found, against
FER2013's labels. Second table: the level head under growing troubles, framed as it was put there; accuracy, and the share of
faces with each hint. --data PATH is the dataset, without it FER2013_CSV.
"""

import argparse
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import cv2
import numpy as np
from skimage import data

from fer_core.dataset import Split, find_source, load_dataset
from fer_core.labels import IMAGE_SIZE
from fer_core.model import Classifier, load_model
from fer_core.vision import Detector, crop_faces, eye_tilts
from fer_core.vision.crops import DROP, SIDE
from fer_core.vision.quality import measure_quality

SIZE_WH = (640, 480)
FACE_PX = 120
NOISE = 3.0
TILTS = (0, 10, 20, 30, 40)
HEAD_MIDDLE, HEAD_SIDE = np.array([225.0, 119.5]), 108.0
"""Where the astronaut's face is, framed as FER2013 frames faces."""
SKIN = np.s_[90:150, 195:255]
LEVEL_POINTS = np.array([[-0.19, -0.11], [0.19, -0.11], [0, 0.08], [0, 0.29], [-0.4, -0.05], [0.4, -0.05]])
"""Key points of a face that looks straight ahead, from the middle of its frame, over the frame's side."""
Change = Callable[[np.ndarray], np.ndarray]


def put_face(face: np.ndarray, tilt: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Put a face (48, 48) uint8 into the head, turned clockwise by ``tilt`` degrees.

    Returns:
        (480, 640) float32 brightness without noise, and the (2,) middle of the face's frame.
    """
    x, y = np.meshgrid(*(np.arange(IMAGE_SIZE, dtype=np.float32) - (IMAGE_SIZE - 1) / 2,) * 2)
    mask = np.clip((1.05 - np.hypot(x / 21, y / 24)) / 0.16, 0, 1)
    head = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2GRAY).astype(np.float32)
    seen = face[mask > 0.5].astype(np.float32)
    head = np.clip((head - head[SKIN].mean()) * (seen.std() / head[SKIN].std()) + seen.mean(), 0, 255)
    middle = np.array(SIZE_WH) / 2 + rng.uniform(-20, 20, 2)
    place = partial(cv2.warpAffine, dsize=SIZE_WH)
    move = _move(np.full(2, (IMAGE_SIZE - 1) / 2), middle, FACE_PX / IMAGE_SIZE, tilt)
    picture = place(head, _move(HEAD_MIDDLE, middle, FACE_PX / HEAD_SIDE, tilt), borderMode=cv2.BORDER_REFLECT)
    put = place(face.astype(np.float32), move, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    weight = place(mask.astype(np.float32), move)
    return put * weight + picture * (1 - weight), middle + 0.5


def shoot(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Give brightness (h, w) as a camera would: with noise, uint8."""
    noise = rng.normal(0, NOISE, picture.shape).astype(np.float32)
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


def bench_tilts(split: Split, detector: Detector, classifiers: list[Classifier]) -> None:
    """Print accuracy by tilt, cropped as it is and turned upright."""
    names = " | ".join(f"{c.model.name} as it is | upright" for c in classifiers)
    print(f"| tilt | found | {names} |\n|{'---|' * (2 + 2 * len(classifiers))}")
    for size in TILTS:
        crops, labels, tried = [], [], 0
        for number, (face, label) in enumerate(zip(split.images, split.labels, strict=True)):
            for tilt in {size, -size}:
                tried += 1
                rng = np.random.default_rng([number, tilt + 90])
                picture, middle = put_face(face, tilt, rng)
                gray = shoot(picture, rng)
                found = detector.detect(cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR))
                near = np.linalg.norm(found.keypoints[:, 2] - middle, axis=1) < FACE_PX / 2
                if near.any():
                    best = [int(near.argmax())]
                    frame, tilts = found.frames[best], eye_tilts(found.keypoints[best])
                    crops.append(np.concatenate([crop_faces(gray, frame), crop_faces(gray, frame, tilts)]))
                    labels.append(label)
        pairs = np.array(crops).transpose(1, 0, 2, 3)
        shares = [f"{_accuracy(c, way, np.array(labels)):.1f} %" for c in classifiers for way in pairs]
        print(f"| {size}° | {100 * len(labels) / tried:.0f} % | {' | '.join(shares)} |", flush=True)


def list_troubles() -> dict[str, tuple[Change, float]]:
    """Give what is done to a level picture, and the size of the face after it, over FACE_PX."""
    troubles: dict[str, tuple[Change, float]] = {"none": (lambda picture: picture, 1.0)}
    for share in (0.6, 0.4, 0.3, 0.2, 0.14):
        troubles[f"light x {share}"] = (lambda picture, share=share: picture * share, 1.0)
    for share in (0.5, 0.3, 0.2):
        troubles[f"haze x {share}"] = (lambda picture, share=share: picture * share + (1 - share) * 130, 1.0)
    for factor in (1.5, 2.2):
        troubles[f"exposure x {factor}"] = (lambda picture, factor=factor: picture * factor, 1.0)
    for sigma in (0.5, 0.8, 1.1, 1.5, 2.5):
        troubles[f"blur {sigma}/48"] = (lambda picture, sigma=sigma: cv2.GaussianBlur(picture, (0, 0), sigma * 2.5), 1.0)
    for length in (3, 5, 7):
        troubles[f"smear {length}/48"] = (lambda picture, length=length: cv2.blur(picture, (int(length * 2.5), 1)), 1.0)
    for side in (64, 40, 32, 26, 20):
        size = side / FACE_PX
        small = partial(cv2.resize, dsize=None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
        troubles[f"{side} px"] = (small, size)
    return troubles


def bench_troubles(split: Split, classifiers: list[Classifier]) -> None:
    """Print accuracy, the mean quality and the share of faces with each hint by trouble."""
    pictures = [put_face(face, 0, np.random.default_rng(number)) for number, face in enumerate(split.images)]
    print(
        f"\n| trouble | {' | '.join(c.model.name for c in classifiers)} | quality | hints |\n|{'---|' * (3 + len(classifiers))}"
    )
    for name, (change, size) in list_troubles().items():
        crops, values, hints = [], [], Counter[str]()
        for number, (picture, middle) in enumerate(pictures):
            gray = shoot(change(picture), np.random.default_rng(number))
            frame = _frame(middle * size, FACE_PX * size)
            points = (middle * size + LEVEL_POINTS * FACE_PX * size)[None].astype(np.float32)
            (quality,) = measure_quality(_to_video(gray), frame, points, gray.shape[::-1])
            crops.append(crop_faces(gray, frame)[0])
            values.append(quality.value)
            hints.update(quality.hints)
        shares = " | ".join(f"{_accuracy(c, np.array(crops), split.labels):.1f} %" for c in classifiers)
        said = ", ".join(f"{hint} {100 * count / len(crops):.0f} %" for hint, count in hints.most_common())
        print(f"| {name} | {shares} | {np.mean(values):.2f} | {said} |", flush=True)


def _accuracy(classifier: Classifier, crops: np.ndarray, labels: np.ndarray) -> float:
    return float(100 * np.mean(classifier.predict_probabilities(crops).argmax(axis=1) == labels))


def _frame(middle: np.ndarray, side: float) -> np.ndarray:
    """Give the detector's box (1, 4) of a face framed as FER2013 does."""
    width = side / SIDE
    centre = middle + np.array([0, (0.5 - DROP) * width])
    return np.concatenate([centre - width / 2, centre + width / 2])[None].astype(np.float32)


def _move(start: np.ndarray, end: np.ndarray, scale: float, tilt: float) -> np.ndarray:
    sine, cosine = scale * np.sin(np.radians(tilt)), scale * np.cos(np.radians(tilt))
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack([turn, end - turn @ start])


def _to_video(gray: np.ndarray) -> np.ndarray:
    return np.rint(16 + gray * (219 / 255)).astype(np.uint8)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", metavar="MODEL", default=["compact", "studio"])
    parser.add_argument("--data", metavar="PATH")
    parser.add_argument("--faces", type=int, default=400)
    options = parser.parse_args()
    split = load_dataset(find_source(options.data)).split("validation")
    rows = np.sort(np.random.default_rng(0).permutation(len(split))[: options.faces])
    split = replace(split, images=split.images[rows], labels=split.labels[rows], rows=split.rows[rows])
    classifiers = [Classifier(load_model(name)) for name in options.models]
    bench_tilts(split, Detector(), classifiers)
    bench_troubles(split, classifiers)


if __name__ == "__main__":
    main()
