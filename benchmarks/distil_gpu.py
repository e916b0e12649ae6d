"""Teachers from chance, and students of them, on a GPU in minutes: `python -m benchmarks.distil_gpu FOLDER SECONDS`.

FOLDER is what `distil_runs pack` wrote; results go there, one .npz a role, for `distil_runs take`. Needs PyTorch and NumPy
only. Four wider networks learn for half of the time, two of them also from the model that there is. Then they and that model
answer the same 40 changes of every training image, the last eight of them mixed (arXiv:1710.09412), and three students learn
from the mean of the answers to exactly the image that they see ("consistent teaching", Beyer et al. 2022, arXiv:2106.05237).
The learning rate follows the clock, so that whatever the machine does in the time is a whole training.
"""

import json
import math
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from benchmarks.distil_lessons import GPU, TEACHERS, Lessons, Material, answer, say
from benchmarks.distil_net import HEADS, Studio
from benchmarks.torch_networks import to_keras

TEACHER = {"width": 1.5, "learning_rate": 0.15}
FROM_NOW, FROM_LABELS = {"now": 0.5, "label_smoothing": 0.0}, {"now": 0.0, "label_smoothing": 0.1}
ROLES: dict[str, dict[str, Any]] = {
    "t1": {**TEACHER, **FROM_NOW, "dropout": 0.2, "mixup": 0.0, "seed": 21},
    "t2": {**TEACHER, **FROM_LABELS, "dropout": 0.3, "mixup": 0.2, "seed": 22},
    "t3": {**TEACHER, **FROM_NOW, "dropout": 0.3, "mixup": 0.2, "seed": 23},
    "t4": {**TEACHER, **FROM_LABELS, "dropout": 0.3, "mixup": 0.0, "seed": 24},
    "s1": {"width": 1.0, "learning_rate": 0.15, "dropout": 0.1, "teacher_weight": 0.9, "start": False, "seed": 31},
    "s2": {"width": 1.0, "learning_rate": 0.06, "dropout": 0.1, "teacher_weight": 0.9, "start": True, "seed": 32},
    "s3": {"width": 1.0, "learning_rate": 0.06, "dropout": 0.2, "teacher_weight": 0.7, "start": True, "seed": 33},
}
COMMON = {"batch_size": 256, "weight_decay": 5e-4, "average_decay": 0.999, "crowd_weight": 0.5, "warm": 0.03}
STUDENTS = ("s1", "s2", "s3")
ANSWERS_S, LAST_S = 45, 14


def build(width: float, dropout: float) -> Studio:
    """Give an untrained network on the GPU."""
    return Studio(width, dropout).to(GPU, memory_format=torch.channels_last)


def judge(network: Studio, material: Material) -> dict[str, float]:
    """Give the figures of validation."""
    got, known = answer(network, material.val, half=False), material.majority >= 0
    crowd = got["crowd_logits"][known]
    return {
        "val_loss": cross_entropy(got["logits"], material.val_labels).item(),
        "val_accuracy": (got["logits"].argmax(1) == material.val_labels).float().mean().item(),
        "val_crowd_accuracy": (crowd.argmax(1) == material.majority[known]).float().mean().item(),
    }


def train(role: str, folder: Path, until: float) -> None:
    """Train a role until a time (seconds since 1970), and write its averaged weights; a teacher then answers."""
    torch.backends.cudnn.benchmark = torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = True
    settings = {**COMMON, **ROLES[role]}
    torch.manual_seed(settings["seed"])
    material = Material(folder)
    lessons = Lessons(settings, material, folder)
    network, average = (build(settings["width"], settings["dropout"]) for _ in range(2))
    if settings.get("start"):
        network.load_state_dict(lessons.now.state_dict())
    average.load_state_dict(network.state_dict())
    average.eval().requires_grad_(False)
    decay = settings["weight_decay"]
    optimizer = torch.optim.SGD(network.parameters(), 0.1, momentum=0.9, nesterov=True, weight_decay=decay, fused=True)
    history: list[dict[str, float]] = []
    begun = time.time()
    while time.time() < until:
        figures = _epoch(settings, lessons, network, average, optimizer, (begun, until), len(history))
        history.append({"epoch": len(history) + 1, **figures, **judge(average, material), "time_s": time.time()})
        print(role, json.dumps(history[-1]), flush=True)
    device = torch.cuda.get_device_name() if GPU == "cuda" else "cpu"
    about = {"settings": settings, "history": history, "begun_s": begun, "ended_s": time.time(), "device": device}
    about["machine"] = f"{device}, {os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
    weights = {f"w{index:04d}": value for index, value in enumerate(to_keras(average))}
    np.savez(folder / f"{role}.npz", about=json.dumps(about | {"torch": torch.__version__}), **weights)
    if role in TEACHERS:
        say(role, average, material, folder)
    if role == "t1":
        say("now", lessons.now, material, folder)


def _epoch(
    settings: dict[str, Any],
    lessons: Lessons,
    network: Studio,
    average: Studio,
    optimizer: torch.optim.Optimizer,
    times: tuple[float, float],
    epochs: int,
) -> dict[str, float]:
    """Go once through the whole batches, or until the time is over; gives the epoch's figures."""
    network.train()
    started, b = time.time(), settings["batch_size"]
    order = torch.randperm(len(lessons.material.images), device=GPU)
    n = len(order) // b
    sums, rate, steps = torch.zeros(2, device=GPU), 0.0, 0
    mine, theirs = ([*part.parameters(), *(x for x in part.buffers() if x.is_floating_point())] for part in (network, average))
    while steps < n and time.time() < times[1]:
        loss, hits = _lose(lessons, network, order[steps * b : (steps + 1) * b])
        optimizer.param_groups[0]["lr"] = rate = settings["learning_rate"] * _share_of_rate(times, settings["warm"])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        steps += 1
        step = epochs * n + steps
        with torch.no_grad():
            torch._foreach_lerp_(theirs, mine, 1 - min(settings["average_decay"], (1 + step) / (10 + step)))
            sums += torch.stack([loss, hits])
        if GPU == "cuda" and step % 20 == 0:
            torch.cuda.synchronize()  # so that the clock that the rate follows is the GPU's
    seconds, taken = time.time() - started, max(steps, 1)
    loss_sum, hit_sum = sums.tolist()
    return {
        "loss": loss_sum / taken,
        "accuracy": hit_sum / taken,
        "learning_rate": rate,
        "images_per_s": steps * b / seconds,
        "seconds": seconds,
    }


def _lose(lessons: Lessons, network: Studio, at: Tensor) -> tuple[Tensor, Tensor]:
    """Give the loss of a batch, both heads together, and the share of it in which the label head is right."""
    x, targets, weights = lessons.give(at)
    with torch.autocast(GPU, torch.bfloat16, enabled=GPU == "cuda"):
        got = network(x.contiguous(memory_format=torch.channels_last))
    parts = zip(HEADS, targets, weights, strict=True)
    losses = [(cross_entropy(got[head].float(), goal, reduction="none") * weight).mean() for head, goal, weight in parts]
    hits = (got["logits"].argmax(1) == targets[0].argmax(1)).float().mean()
    return losses[0] + lessons.settings["crowd_weight"] * losses[1], hits


def _share_of_rate(times: tuple[float, float], warm: float) -> float:
    begun, until = times
    done = min((time.time() - begun) / (until - begun), 1.0)
    return done / warm if done < warm else (1 + math.cos(math.pi * (done - warm) / (1 - warm))) / 2


def main() -> None:
    """Train all teachers at once, then all students; or, with a third word, one role until a time."""
    folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
    if len(sys.argv) > 3:
        train(sys.argv[3], folder, seconds)
        return
    started = time.time()
    for roles, until in ((TEACHERS, started + (seconds - ANSWERS_S) / 2), (STUDENTS, started + seconds - LAST_S)):
        command = [sys.executable, "-m", "benchmarks.distil_gpu", str(folder), str(until)]
        processes = [subprocess.Popen([*command, role]) for role in roles]
        if any([process.wait() for process in processes]):
            raise SystemExit(f"exit codes of {', '.join(roles)}: {[process.returncode for process in processes]}")


if __name__ == "__main__":
    main()
