"""Runs the frontend's TypeScript in Node, as the tests need it."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fer_core.model import OUTPUTS, Model
from fer_core.vision.detection import find_model_file

FRONTEND = Path(__file__).parents[2] / "frontend"


def need_node() -> None:
    """Skip the test where Node or the packages are missing."""
    if not shutil.which("node") or not (FRONTEND / "node_modules").is_dir():
        pytest.skip("needs Node and `npm ci` in frontend/")


def recognise_in_node(
    clips: Sequence[Sequence[np.ndarray]], model: Model, network: Path, *, fps: float
) -> list[list[dict[str, Any]]]:
    """Run the browser's pipeline on clips of (h, w, 3) BGR uint8 frames; gives what it saw in each frame, by clip."""
    height, width = clips[0][0].shape[:2]
    info = model.info
    terms = [width, height, fps, find_model_file(), network, OUTPUTS[info.live_head], info.temperature[info.live_head]]
    words = [str(term) for term in [*terms, info.threshold, *map(len, clips)]]
    with tempfile.TemporaryFile() as told:
        command = ["node", "test/run.mjs", "recognise", *words]
        with subprocess.Popen(command, cwd=FRONTEND, stdin=subprocess.PIPE, stdout=told) as process:
            assert process.stdin is not None
            for frame in (frame for clip in clips for frame in clip):
                process.stdin.write(cv2.cvtColor(frame, cv2.COLOR_BGR2RGBA).tobytes())
            process.stdin.close()
        assert process.returncode == 0
        told.seek(0)
        lines = [json.loads(line) for line in told.read().splitlines()]
    numbers = iter(lines)
    return [[next(numbers) for _ in clip] for clip in clips]


def pack_in_node(answers: list[dict[str, Any]], *, recording: bool) -> list[dict[str, Any]]:
    """Give the messages that the browser would send of what it saw."""
    told = json.dumps({"answers": answers, "recording": recording})
    command = ["node", "test/run.mjs", "pack"]
    done = subprocess.run(command, cwd=FRONTEND, input=told, capture_output=True, text=True, check=True)
    messages: list[dict[str, Any]] = json.loads(done.stdout)
    return messages
