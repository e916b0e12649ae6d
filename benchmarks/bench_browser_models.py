"""What eight bits cost: `python -m benchmarks.bench_browser_models [MODEL …]`; FER2013_CSV and FERPLUS_CSV name the data.

Each model's network for browsers (model.browser.tflite) is run on validation, one image at a time as a browser does, beside
model.tflite: accuracy of each head against what it learned from (FER2013's labels; the crowd's majority, where it has one), how
often both say the same, and by how much a probability differs. It may lose 0.2 points at most.
"""

import argparse
import gzip

import numpy as np

from benchmarks.bench_models import list_shipped
from fer_core.dataset import Dataset, find_majority, find_source, find_votes, load_dataset, read_votes
from fer_core.model import OUTPUTS, Classifier, Model, load_model, softmax
from fer_core.training.browser_file import MOST_LOSS, run_one_by_one


def compare(model: Model, dataset: Dataset, majority: np.ndarray) -> list[tuple[str, float, float, float, float]]:
    """Compare both networks on validation.

    Args:
        model: with a network for browsers.
        dataset: whose validation split is read.
        majority: (rows,) the crowd's majority by row, -1 where there is none.

    Returns:
        For each head: its name, accuracy of model.tflite and of the browser's network and how often they agree, in percent, and
        the 99th percentile over images of the largest difference of a probability.
    """
    split, info = dataset.split("validation"), model.info
    whole = Classifier(model).predict_heads(split.images)
    small = run_one_by_one(model.browser_path.read_bytes(), split.images)
    truths = {"label": split.labels.astype(np.int64), "crowd": majority[split.rows]}
    lines = []
    for head in info.heads:
        known = truths[head] >= 0
        both = [softmax(logits, info.temperature[head]) for logits in (whole[head], small[OUTPUTS[head]])]
        said = [shares.argmax(axis=1) for shares in both]
        accuracies = [100 * float((labels == truths[head])[known].mean()) for labels in said]
        apart = float(np.quantile(np.abs(both[0] - both[1]).max(axis=1), 0.99))
        lines.append((head, *accuracies, 100 * float((said[0] == said[1]).mean()), apart))
    return lines


def main() -> None:
    """Print one line a head."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*")
    names = parser.parse_args().models
    dataset = load_dataset(find_source(None))
    majority = find_majority(read_votes(find_votes(None) or "", dataset).counts)
    print("model        MB  gzip  head     whole  browser   loss    same  p99 of a share")
    for model in [load_model(name) for name in names] or list_shipped():
        content = model.browser_path.read_bytes()
        sizes = f"{len(content) / 1e6:5.2f} {len(gzip.compress(content, 9)) / 1e6:5.2f}"
        for head, whole, small, same, apart in compare(model, dataset, majority):
            verdict = "" if whole - small <= 100 * MOST_LOSS else f"   over {100 * MOST_LOSS} points"
            figures = f"{whole:7.2f} {small:8.2f} {whole - small:6.2f} {same:7.2f} {apart:15.4f}"
            print(f"{model.name:9} {sizes}  {head:6} {figures}{verdict}")


if __name__ == "__main__":
    main()
