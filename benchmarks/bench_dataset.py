"""How long FER2013 and the drawn sample take to load, first and again, and how much memory that needs.

    FER2013_CSV=fer2013.csv python benchmarks/bench_dataset.py [PATH …]

Each load runs in a process of its own with an empty cache, then in a second one with the cache that the first left.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

_LOAD = """
import json, resource, sys, time
from fer_core.dataset import load_dataset
start = time.perf_counter()
dataset = load_dataset(sys.argv[1])
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"n": dataset.n, "seconds": seconds, "peak": peak}))
"""


def measure(source: str, home: str) -> dict[str, float]:
    """Load once in a new process: images, seconds, peak resident memory in bytes."""
    command = [sys.executable, "-c", _LOAD, source]
    done = subprocess.run(command, env=os.environ | {"FER_HOME": home}, stdout=subprocess.PIPE, check=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def main() -> None:
    """Print one table in Markdown."""
    sources = sys.argv[1:] or [*filter(None, [os.environ.get("FER2013_CSV")]), "sample"]
    print("| dataset | images | first load, s | peak memory, MB | load from cache, s | peak memory, MB |")
    print("|---|---|---|---|---|---|")
    for source in sources:
        with tempfile.TemporaryDirectory() as home:
            first, again = measure(source, home), measure(source, home)
        figures = [f"{run['seconds']:.3f} | {run['peak'] / 1e6:.0f}" for run in (first, again)]
        print(f"| {Path(source).name} | {first['n']:,} | {' | '.join(figures)} |")


if __name__ == "__main__":
    main()
