"""Training throughput in images/s, augmentation included, and ours against PyTorch's: `make bench-training`.

    python -m benchmarks.bench_training [--torch PYTHON] [--rounds 5] [--seconds 10] [--recipes seed,compact]

Each measurement runs in a process of its own, on all cores; within a round the sides take turns, and each round another one
begins. PYTHON is the interpreter of an environment with PyTorch (.venv-torch); without it only our side is measured.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from benchmarks.side import THREADS, Measured
from fer_core.runs import RECIPES, find_recipe

OURS = "ours"
COMPARED = ("studio", "compact")
"""Recipes whose network torch_side.py has."""
TORCH_TYPES = ("float32", "bfloat16")
GOAL, FLOOR = 1.0, 0.9


def list_commands(recipe: str, seconds: float, torch_python: str | None) -> dict[str, list[str]]:
    """Give the command that measures each side once."""
    sides = {OURS: [sys.executable, "-m", "benchmarks.keras_side", recipe, str(seconds)]}
    if torch_python and recipe in COMPARED:
        for kind in TORCH_TYPES:
            sides[f"PyTorch {kind}"] = [torch_python, "-m", "benchmarks.torch_side", recipe, str(seconds), kind]
    return sides


def measure_once(command: list[str]) -> Measured:
    """Run one side in a new process; ends the benchmark where that fails."""
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: expected a measurement, received exit code {done.returncode}:\n{done.stderr[-2000:]}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def measure_rounds(commands: dict[str, list[str]], rounds: int) -> dict[str, list[Measured]]:
    """Measure every side once a round, in an order that turns by one each round."""
    measured: dict[str, list[Measured]] = {side: [] for side in commands}
    for number in range(rounds):
        first = number % len(commands)
        for side in [*commands][first:] + [*commands][:first]:
            measured[side].append(measure_once(commands[side]))
    return measured


def check_same_network(measured: dict[str, list[Measured]]) -> None:
    """Refuse to compare networks of different sizes.

    Raises:
        ValueError: the sides' trainable parameters differ.
    """
    parameters = {side: runs[0].parameters for side, runs in measured.items()}
    if len(set(parameters.values())) > 1:
        raise ValueError(f"expected as many parameters on each side, received {parameters}. Mend torch_side.py.")


def describe_side(measured: list[Measured]) -> str:
    """Say a side's figures in one line: medians, and each round."""
    speed = median(run.images_per_s for run in measured)
    pipeline = median(run.pipeline_images_per_s for run in measured)
    waiting = median(run.waiting_share for run in measured)
    rounds = ", ".join(f"{run.images_per_s:.0f}" for run in measured)
    return f"{speed:9.0f} {pipeline:10.0f} {speed / pipeline:6.1%} {waiting:8.1%}   {rounds}"


def describe_ratio(speeds: dict[str, list[float]]) -> str:
    """Compare our median with that of the fastest other side.

    Args:
        speeds: images/s of each round by side, ours among them.
    """
    fastest = max((side for side in speeds if side != OURS), key=lambda side: median(speeds[side]))
    ratio = median(speeds[OURS]) / median(speeds[fastest])
    verdict = "goal met" if ratio >= GOAL else "above the floor, goal missed" if ratio >= FLOOR else "below the floor"
    rounds = ", ".join(f"{ours / other:.2f}" for ours, other in zip(speeds[OURS], speeds[fastest], strict=True))
    return f"ours / {fastest}: {ratio:.2f} ({verdict}: goal {GOAL}, floor {FLOOR}); by round {rounds}"


def main() -> None:
    """Print one line a recipe and side, and the ratio where sides are compared."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--recipes", default=",".join(RECIPES))
    options = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.1f} on {THREADS} cores; a ratio counts where that is about 0")
    print(f"{'recipe':10} {'side':16} {'batch':>5} {'images/s':>9} {'pipeline/s':>10} {'share':>6} {'waiting':>8}   each round")
    for name in options.recipes.split(","):
        batch_size = find_recipe(name).batch_size
        measured = measure_rounds(list_commands(name, options.seconds, options.torch), options.rounds)
        for side, runs in measured.items():
            print(f"{name:10} {side:16} {batch_size:5} {describe_side(runs)}", flush=True)
        if len(measured) > 1:
            check_same_network(measured)
            print(f"{name:10} {describe_ratio({side: [run.images_per_s for run in runs] for side, runs in measured.items()})}")
    print("pipeline/s: images/s of batches alone, augmented, in their thread; share: of a step's time that this would take;")
    print("waiting: share of the time in which the step waited for its batch.")


if __name__ == "__main__":
    main()
