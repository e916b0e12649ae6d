"""How fast this machine trains a recipe: from runs that were, or measured in a few steps by a child process."""

import json
import subprocess
import sys

from fer_core.errors import RunError
from fer_core.runs.folder import list_runs
from fer_core.runs.recipes import Recipe, changed_settings

_DECIDING = ("network", "batch_size", "augment")


def known_speed(recipe: Recipe) -> float | None:
    """Give the images/s of the newest run on this machine with the same network, batch size and augmentation, or None."""
    wanted = [recipe.to_json()[key] for key in _DECIDING]
    for run in list_runs():
        if run.images_per_s and [run.settings.get(key) for key in _DECIDING] == wanted:
            return run.images_per_s
    return None


def measure_speed(recipe: Recipe) -> float:
    """Train a few steps on random images in a child process and give the images/s; takes 10 to 30 s.

    Raises:
        RunError: the child process failed; the message has its last line.
    """
    settings = [f"--set={key}={_as_text(value)}" for key, value in changed_settings(recipe).items() if key != "name"]
    command = [sys.executable, "-m", "fer_core", "train", "--recipe", recipe.name, *settings, "--measure", "--json"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if result.returncode:
        last = (result.stderr.strip().splitlines() or ["no message"])[-1]
        raise RunError(f"expected a measurement of {recipe.name}, received exit code {result.returncode}: {last}")
    return float(json.loads(result.stdout)["images_per_s"])


def _as_text(value: object) -> str:
    return ",".join(value) or "none" if isinstance(value, list) else str(value)
