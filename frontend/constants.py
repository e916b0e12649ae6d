"""Write what the browser's pipeline shares with the server's: `python frontend/constants.py`.

Every public constant of these modules that is a number, a text, or a tuple or array of numbers goes to
frontend/src/generated/constants.json under its module's name, so that a limit is changed in one place.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
TARGET = Path(__file__).parent / "src/generated/constants.json"
MODULES = (
    "budget",
    "calm",
    "crops",
    "detection",
    "expressions",
    "flow",
    "framing",
    "gaze",
    "looks",
    "neutral",
    "overlay",
    "pipeline",
    "planes",
    "qualities",
    "quality",
    "tiles",
    "track",
    "tracks",
)
COLOURS = ("UNSURE", "PANEL", "TRACK", "DIM")


def read_constants() -> dict[str, Any]:
    """Read them as they are now, by module."""
    labels, marks, quality = (import_module(f"fer_core.{name}") for name in ("labels", "vision.marks", "vision.quality"))
    values: dict[str, Any] = {
        "labels": {
            "EMOTIONS": labels.EMOTIONS,
            "EMOTION_COLOURS": labels.EMOTION_COLOURS,
            "IMAGE_SIZE": labels.IMAGE_SIZE,
        },
        "marks": {name: "#{2:02x}{1:02x}{0:02x}".format(*getattr(marks, name)) for name in COLOURS}
        | {name: getattr(marks, name) for name in ("PANEL_ALPHA", "EDGE_ALPHA")},
    }
    values |= {name: _plain(import_module(f"fer_core.vision.{name}")) for name in MODULES}
    values["clip"] = _plain(import_module("fer_core.session.clip"))
    middle = quality.MIDDLE
    values["quality"] |= {
        "HINTS": quality.HINTS,
        "TROUBLES": {name: {"fine": limits.fine, "lost": limits.lost} for name, limits in quality.TROUBLES.items()},
        "MIDDLE": [middle[0].start, middle[0].stop, middle[1].start, middle[1].stop],
    }
    return {name: part for name, part in values.items() if part}


def write() -> str:
    """Give the file's text."""
    return json.dumps(read_constants(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _plain(module: Any) -> dict[str, Any]:
    names = (name for name in vars(module) if name.isupper() and not name.startswith("_"))
    return {name: value for name in names if (value := _value(getattr(module, name))) is not None}


def _value(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple):
        return list(value) if all(isinstance(item, int | float) for item in value) else None
    return value if isinstance(value, int | float | str) and np.isfinite(value if not isinstance(value, str) else 0) else None


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(write(), encoding="utf-8")
