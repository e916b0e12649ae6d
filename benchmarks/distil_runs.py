"""What `benchmarks.distil_gpu` trains on, and runs of what it trained: for a GPU machine that has PyTorch and little else.

`python -m benchmarks.distil_runs pack FOLDER NOW` writes the material into FOLDER, with the weights of the model NOW, which
students start from and which teaches beside the new teachers; copy FOLDER and this repository there, run it, and copy its
results back. `python -m benchmarks.distil_runs take RESULT NOW` makes a run of one of them (`s2.npz`) in FER_HOME, and
exports it as every run is. FER2013_CSV and FERPLUS_CSV name the data.
"""

import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np

from fer_core.dataset import find_source, find_votes, load_dataset, read_votes, share_votes
from fer_core.files import append_json_line, write_json
from fer_core.model import load_model
from fer_core.runs import Recipe, find_recipe, with_settings
from fer_core.runs.control import create_run
from fer_core.runs.folder import HISTORY_FILE, MODEL_DIR, RUN_FILE, read_document
from fer_core.training.export import export_model
from fer_core.training.finish import describe_model
from fer_core.training.material import Material, prepare_material

MIXUP = 0.4
"""Of the fifth of the students' images that are mixed; distil_gpu's own."""


def main() -> None:
    """Pack, or take."""
    what, *words = sys.argv[1:]
    if what == "pack":
        pack(Path(words[0]), words[1])
    else:
        print(take(Path(words[0]), words[1]))


def pack(folder: Path, now: str) -> None:
    """Write ``material.npz``: what `studio` trains on and is validated with; and ``now.npz``: weights in Keras's order."""
    material = _material(find_recipe("studio"))
    assert material.votes is not None
    train, validation = material.train, material.validation
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        folder / "material.npz",
        images=train.images,
        labels=train.labels,
        crowd=share_votes(material.votes.of(train.rows)).astype(np.float32),
        val_images=validation.images,
        val_labels=validation.labels,
        majority=material.majority(validation),
    )
    weights = keras.models.load_model(load_model(now).path / "model.keras", compile=False).get_weights()
    np.savez(folder / "now.npz", **{f"w{index:04d}": value.astype(np.float16) for index, value in enumerate(weights)})


def take(result: Path, now: str) -> str:
    """Make a run of a student's weights, and export its model.

    Args:
        result: of distil_gpu; those of the teachers lie beside it.
        now: the model that it started from.

    Returns:
        The run's id.
    """
    with np.load(result) as file:
        about = json.loads(str(file["about"]))
        weights = [file[name].astype(np.float32) for name in sorted(file.files) if name != "about"]
    recipe = _recipe(about, now)
    material = _material(recipe)
    run = create_run(
        "studio",
        find_source(None),
        votes=find_votes(None),
        settings={key: value for key, value in recipe.to_json().items() if key not in ("name", "summary")},
    )
    sources = [_source(now)] + [_teacher(path) for path in sorted(result.parent.glob("t?.npz"))]
    document: dict[str, Any] = read_document(run.path) | {
        "data_name": material.dataset.name,
        **material.describe(),
        "sources": sources,
        "backend": f"benchmarks/distil_gpu.py, PyTorch {about['torch']}",
        "device": about["device"],
        "started_s": about["begun_s"],
        "ended_s": about["ended_s"],
    }
    for line in about["history"]:
        append_json_line(run.path / HISTORY_FILE, line)
    info = describe_model(run.id, document, material) | {
        "machine": about["machine"],
        "epoch": len(about["history"]),
        "selected_on": "validation",  # not the epoch, but which of the students it is
        "seconds": round(sum(line["seconds"] for line in about["history"]), 1),
    }
    export_model(run.path / MODEL_DIR, weights, recipe, info, material, about["history"])
    message = f"Trained elsewhere ({about['device']}) in {len(about['history'])} epochs; taken over on {time.strftime('%F')}."
    write_json(run.path / RUN_FILE, document | {"state": "done", "message": message})
    return run.id


def _material(recipe: Recipe) -> Material:
    dataset = load_dataset(find_source(None))
    return prepare_material(recipe, dataset, read_votes(find_votes(None) or "", dataset), None)


def _recipe(about: dict[str, Any], now: str) -> Recipe:
    """Say in a recipe's words what was done; the rate followed the clock, so that the epochs are those that it came to."""
    settings, epochs = about["settings"], len(about["history"])
    changes = {key: settings[key] for key in ("batch_size", "learning_rate", "dropout", "teacher_weight", "seed")}
    return with_settings(
        find_recipe("studio"),
        changes
        | {
            "epochs": epochs,
            "warmup_epochs": round(settings["warm"] * epochs),
            "label_smoothing": 0.0,
            "mixup": MIXUP,
            "start": now if settings["start"] else "",
            "teachers": ["t1", "t2", "t3", "t4", now],
            "statistics": "running",
            "selected_on": "none",
        },
    )


def _source(now: str) -> dict[str, str]:
    model = load_model(now)
    return {"given": now, "run_id": model.info.run_id, "digest": model.digest}


def _teacher(path: Path) -> dict[str, str]:
    return {"given": path.stem, "run_id": path.stem, "digest": hashlib.sha256(path.read_bytes()).hexdigest()}


if __name__ == "__main__":
    main()
