"""The end of a run: the weights that its recipe keeps become a model.

Keras exports through TensorFlow; where another backend trained, that is a process of its own:
`python -m fer_core.training.finish RUN`.
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from fer_core.errors import RunError
from fer_core.runs import Recipe, load_run
from fer_core.runs.folder import MODEL_DIR, read_document
from fer_core.training.backend import environment_for_export
from fer_core.training.checkpoint import load_checkpoint
from fer_core.training.material import Material, read_material
from fer_core.training.record import Record


def finish_run(record: Record, material: Material, kept: Sequence[np.ndarray], kept_epoch: int) -> None:
    """Export the weights that a run keeps, in this process.

    Raises:
        RunError: model.tflite answers otherwise than Keras.
    """
    from fer_core.training.export import export_model

    document = read_document(record.folder)
    recipe = Recipe.from_json(document["recipe"])
    history = record.history(up_to=recipe.epochs)
    info = describe_model(record.folder.name, document, material)
    info |= {"epoch": kept_epoch, "seconds": round(sum(line["seconds"] for line in history), 1)}
    export_model(record.folder / MODEL_DIR, kept, recipe, info, material, history)


def finish_elsewhere(record: Record) -> None:
    """Export the weights that the last checkpoint keeps, in a process with TensorFlow.

    Raises:
        RunError: that process failed.
    """
    command = [sys.executable, "-m", "fer_core.training.finish", record.folder.name]
    done = subprocess.run(command, env=environment_for_export(), capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RunError(f"expected an exported model, received exit code {done.returncode}: {last}. Resume exports again.")


def describe_model(run_id: str, document: dict[str, Any], material: Material) -> dict[str, Any]:
    """Give the fields of model.json that follow from a run's terms and machine."""
    dataset, terms, recipe = material.dataset, material.describe(), document["recipe"]
    return {
        "name": recipe["name"],
        "network": recipe["network"],
        "recipe": recipe["name"],
        "settings": recipe,
        "data": {
            "name": dataset.name,
            "digest": dataset.digest,
            "splits": {name: {"n": len(split), "digest": split.digest} for name, split in dataset.splits.items()},
            "votes_digest": terms["votes_digest"],
            "left_out": terms["left_out"],
            "models": document.get("sources", []),
        },
        "rows_left_out": terms["rows_left_out"],
        "selected_on": recipe["selected_on"],
        "run_id": run_id,
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, {document['device']}",
        "backend": document["backend"],
        "versions": {name: version(name) for name in ("tensorflow", "keras", "numpy")} | {"python": platform.python_version()},
    }


def main() -> None:
    """Export the run named on the command line."""
    record = Record(load_run(sys.argv[1]).path)
    state, _ = load_checkpoint(record.checkpoints)
    if state is None:
        raise RunError(f"{record.folder}: expected a checkpoint, found none. Resume the run.")
    _, material = read_material(read_document(record.folder))
    finish_run(record, material, state.kept, state.kept_epoch)


if __name__ == "__main__":
    main()
