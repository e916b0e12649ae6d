"""Training throughput of every recipe in images/s, augmentation included: `python -m benchmarks.bench_training`."""

import statistics

from fer_core.runs import RECIPES, measure_speed

ROUNDS = 3


def main() -> None:
    """Print one line a recipe: the median of three measurements, each in a process of its own."""
    print(f"{'recipe':10} {'batch':>6} {'images/s':>9}   each round")
    for name, recipe in RECIPES.items():
        speeds = [measure_speed(recipe) for _ in range(ROUNDS)]
        print(f"{name:10} {recipe.batch_size:6} {statistics.median(speeds):9.0f}   {', '.join(f'{s:.0f}' for s in speeds)}")


if __name__ == "__main__":
    main()
