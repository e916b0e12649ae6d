"""Trainings killed at random moments, and an MLflow server that is away for a while: does everything agree afterwards?

    python -m benchmarks.kill_run [--kills 20] [--away 60]

First a short training is killed with SIGKILL again and again, in turn after its start (loading included) and after its first
new epoch; then it is resumed to the end and compared: each epoch once in the folder, the model loads, MLflow (SQLite) has each
value once. Then another one mirrors to a real `mlflow server` on loopback that is killed for a while in mid-run. Exit code 1
where something does not agree.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from fer_core.files import read_json_lines
from fer_core.runs import Run, load_run, read_history, read_log, resume_run, start_run, stop_run
from fer_core.runs.folder import HISTORY_FILE
from fer_core.training.copier import MIRROR_FILE, read_note
from fer_core.training.store import tracking_uri
from tests.builders import make_csv
from tests.training.killing import SETTINGS, after, after_line, disagreements, kill_at, leave_mirrored, resume_to_the_end
from tests.training.mlflow_server import Server, free_port
from tests.training.waiting import finish, wait_for

EPOCHS = 120
WITHIN_S = 1800.0
EPOCHS_AFTER = 5


def main() -> None:
    """Print what was seen, a line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--away", type=float, default=60.0, help="seconds without the server; 0 leaves this part out")
    parser.add_argument("--longest", type=float, default=30.0, help="seconds within which each kill comes")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"FER_HOME": str(folder / "home"), "FER_MLFLOW": "1"}
        os.environ.pop("MLFLOW_TRACKING_URI", None)
        data = str(make_csv(folder / "small.csv", train=420, validation=14, test=7))
        faults = kill_again_and_again(data, options.kills, options.longest, random.Random(options.seed))
        if options.away:
            faults += lose_the_server(data, folder, options.away)
    sys.exit(1 if faults else 0)


def kill_again_and_again(data: str, kills: int, longest_s: float, rng: random.Random) -> list[str]:
    """Kill trainings until there were so many kills, end them all, and give what does not agree."""
    started, killed = time.monotonic(), 0
    runs: list[str] = []
    while killed < kills:
        run = start_run("seed", data, epochs=EPOCHS, settings=SETTINGS)
        runs.append(run.id)
        while killed < kills and kill_at(run.id, (after, after_line)[killed % 2](rng.uniform(0, longest_s))):
            killed += 1
            print(f"kill {killed}: {describe(load_run(run.id))}", flush=True)
            resume_run(run.id)
        resume_to_the_end(run.id, within_s=WITHIN_S)
    leave_mirrored(*runs)
    faults = [fault for run_id in runs for fault in report(load_run(run_id))]
    print(f"{killed} kills of {len(runs)} trainings in {time.monotonic() - started:.0f} s", flush=True)
    return faults


def lose_the_server(data: str, folder: Path, away_s: float) -> list[str]:
    """Kill the server that a training mirrors to for a while, and give what does not agree afterwards."""
    port = free_port()
    os.environ["MLFLOW_TRACKING_URI"] = f"http://127.0.0.1:{port}"
    server = Server(folder, port)
    try:
        run = start_run("seed", data, epochs=10_000, settings=SETTINGS)
        wait_for(lambda: acknowledged(run) >= EPOCHS_AFTER, within_s=WITHIN_S)
        before, began = speed_of(run), len(read_history(run.id))
        server.kill()
        wait_for(lambda: "is away" in read_log(run.id), within_s=WITHIN_S)
        over_s = time.monotonic() + away_s
        wait_for(lambda: time.monotonic() > over_s, within_s=WITHIN_S)
        done, sent = len(read_history(run.id)), acknowledged(run)
        print(f"server away for {away_s:.0f} s: {done - began} epochs trained meanwhile, {done - sent} unsent", flush=True)
        print(f"images/s, median of the last epochs: {before:.0f} with the server, {speed_of(run):.0f} without", flush=True)
        server = Server(folder, port)
        back = time.monotonic()
        wait_for(lambda: acknowledged(run) > done, within_s=WITHIN_S)
        print(f"caught up {time.monotonic() - back:.1f} s after the server answered again", flush=True)
        return end(run)
    finally:
        server.kill()


def end(run: Run) -> list[str]:
    """Stop a run, and give what does not agree."""
    stop_run(run.id)
    finish(run.id, within_s=WITHIN_S)
    leave_mirrored(run.id)
    log = read_log(run.id)
    print(f"the log says {log.count('is away')} x away, {log.count('is back')} x back", flush=True)
    return report(load_run(run.id))


def report(run: Run) -> list[str]:
    """Print and give what does not agree between folder, model and MLflow."""
    faults = disagreements(run, tracking_uri())
    print(f"{describe(run)}; {'; '.join(faults) or 'folder, model and MLflow agree'}", flush=True)
    return faults


def describe(run: Run) -> str:
    """Say in a few words how far a run is."""
    lines = len(read_json_lines(run.path / HISTORY_FILE))
    sent = acknowledged(run) if (run.path / MIRROR_FILE).exists() else "nothing"
    return f"{run.state}, {run.epochs_done} epochs in {lines} lines, MLflow has acknowledged {sent}"


def acknowledged(run: Run) -> int:
    """Give the last epoch that the store has acknowledged."""
    return read_note(run.path, tracking_uri()).epoch


def speed_of(run: Run) -> float:
    """Give the median images/s of the last epochs."""
    speeds = sorted(line["images_per_s"] for line in read_history(run.id)[-20:])
    return float(speeds[len(speeds) // 2])


if __name__ == "__main__":
    main()
