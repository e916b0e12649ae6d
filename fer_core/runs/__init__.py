"""Runs: folders that are the truth about a training; the queue; start, stop, resume, watch. No TensorFlow."""

from fer_core.runs.control import create_run, delete_run, resume_run, start_run, stop_run
from fer_core.runs.folder import (
    ACTIVE,
    Run,
    list_runs,
    load_run,
    read_confusion,
    read_history,
    read_log,
    read_steps,
)
from fer_core.runs.recipes import AUGMENTATIONS, RECIPES, Recipe, changed_settings, find_recipe, with_settings
from fer_core.runs.speed import known_speed, measure_speed

__all__ = [
    "ACTIVE",
    "AUGMENTATIONS",
    "RECIPES",
    "Recipe",
    "Run",
    "changed_settings",
    "create_run",
    "delete_run",
    "find_recipe",
    "known_speed",
    "list_runs",
    "load_run",
    "measure_speed",
    "read_confusion",
    "read_history",
    "read_log",
    "read_steps",
    "resume_run",
    "start_run",
    "stop_run",
    "with_settings",
]
