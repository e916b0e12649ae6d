"""Small inputs, each built in a line."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.dataset import Dataset, Split, load_dataset
from fer_core.labels import EMOTIONS
from fer_core.model import Model, ModelInfo, write_info


def make_split(
    n: int = 4, *, name: str = "test", labels: Sequence[int] | None = None, first_row: int = 0, seed: int = 0
) -> Split:
    """A split of noise images; labels count up 0..6 unless given."""
    labels = np.array([k % 7 for k in range(n)] if labels is None else labels, np.uint8)
    images = np.random.default_rng(seed).integers(256, size=(len(labels), 48, 48), dtype=np.uint8)
    digest = hashlib.sha256(name.encode() + labels.tobytes() + images.tobytes()).hexdigest()
    return Split(name, images, labels, np.arange(first_row, first_row + len(labels), dtype=np.int32), digest)


def make_dataset(*splits: Split, name: str = "tiny", source: str = "/data/tiny.csv") -> Dataset:
    """A dataset of the given splits."""
    digest = hashlib.sha256("".join(split.digest for split in splits).encode()).hexdigest()
    return Dataset(name, source, digest, {split.name: split for split in splits})


@dataclass
class Clock:
    """A clock of the test's own, in seconds."""

    now: float = 500.0

    def __call__(self) -> float:
        return self.now


def make_model_info(**changes: Any) -> ModelInfo:
    """A description of a model that nothing is special about."""
    values: dict[str, Any] = {
        "name": "tiny",
        "network": "seed",
        "recipe": "seed",
        "settings": {"epochs": 1},
        "parameters": 551687,
        "data": {"name": "tiny", "digest": "d", "splits": {}},
        "selected_on": "none",
        "epoch": 1,
        "run_id": "run-1",
        "created": "2026-01-01T00:00:00+00:00",
        "seconds": 1.0,
        "machine": "test",
        "backend": "tensorflow",
        "versions": {},
    }
    return ModelInfo(**(values | changes))


def make_model(folder: Path, *, weights: bytes = b"one", **changes: Any) -> Model:
    """A model's folder whose network cannot run; ``weights`` make its digest."""
    folder.mkdir(parents=True, exist_ok=True)
    info = make_model_info(**changes)
    (folder / "model.tflite").write_bytes(b"\x1c\0\0\0TFL3" + weights)
    write_info(folder, info)
    return Model(name=info.name, path=folder, info=info, origin="folder")


def logits_for(predicted: Sequence[int], *, sure: float = 3.0) -> np.ndarray:
    """Logits (n, 7) float32 that name the given emotions, all equally sure."""
    return (np.eye(len(EMOTIONS))[np.asarray(predicted, int)] * sure).astype(np.float32)


def make_csv(path: Path, *, train: int = 14, validation: int = 7, test: int = 7) -> Path:
    """A file in fer2013.csv's layout; a bright square's place tells the label, so that a network can learn it."""
    rng = np.random.default_rng(train)
    lines = ["emotion,pixels,Usage"]
    for usage, n in (("Training", train), ("PublicTest", validation), ("PrivateTest", test)):
        for number in range(n):
            label = number % len(EMOTIONS)
            image = rng.integers(0, 100, (48, 48), dtype=np.uint8)
            image[6 * label : 6 * label + 8, 10:40] = 220
            lines.append(f"{label},{' '.join(map(str, image.ravel()))},{usage}")
    path.write_text("\n".join(lines) + "\n")
    return path


def make_votes(path: Path, dataset: Dataset, *, no_face: Sequence[int] = (), shift: int = 0) -> Path:
    """A file in FER+'s layout: eight votes for each row's label (of the row ``shift`` further), two for neutral."""
    columns = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral", "contempt", "unknown", "NF")
    usages = {"train": "Training", "validation": "PublicTest", "test": "PrivateTest"}
    splits = list(dataset.splits.values())
    labels = np.roll(np.concatenate([split.labels for split in splits]), -shift)
    lines = [",".join(("Usage", "Image name", *columns))]
    for row, (label, usage) in enumerate(zip(labels, (usages[s.name] for s in splits for _ in range(len(s))), strict=True)):
        counts = np.zeros(len(columns), int)
        counts[label] += 8
        counts[6] += 2
        if row in no_face:
            counts[:] = (*(0,) * 9, 10)
        lines.append(f"{usage},,{','.join(map(str, counts))}")
    path.write_text("\n".join(lines) + "\n")
    return path


def make_csv_with_votes(folder: Path, *, train: int) -> tuple[str, str]:
    """Such a file of 14 validation and 7 test rows, and the votes on it; the first row's see no face."""
    path = make_csv(folder / "small.csv", train=train, validation=14, test=7)
    return str(path), str(make_votes(folder / "votes.csv", load_dataset(path), no_face=[0]))
