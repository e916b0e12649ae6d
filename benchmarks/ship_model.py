"""Make a run's model one that ships: `python -m benchmarks.ship_model RUN NAME [NOTE]`.

Looks at test (once: the ledger keeps it), adds those answers to evaluation.npz and the ledger's line to model.json, and
writes the model card from the figures, so that no number in it is typed by hand. NOTE is what the record cannot know, such as
why this run was chosen among several. Without NOTE, with the name of a shipped model as RUN, the card is written anew and its
note kept; the threshold is chosen on validation, where a temperature that was never fitted is fitted, too. A NAME that ends in
`+unseen` (`studio+unseen`) ships under the name before the plus without looking at test, for a candidate that is not the last
one. FER2013_CSV and FERPLUS_CSV name the data.
"""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.card_origin import NOTE_END, NOTE_START
from benchmarks.model_card import write_card
from fer_core.dataset import Dataset, find_majority, find_source, find_votes, load_dataset, read_votes
from fer_core.evaluation import TARGETS, choose_threshold, evaluate, fit_temperature, read_ledger
from fer_core.labels import SPLITS
from fer_core.model import OUTPUTS, Classifier, Model, load_model, shipped_dir, softmax, write_info


def main() -> None:
    """Ship the run named on the command line."""
    run_id, name, *words = sys.argv[1:]
    name, _, unseen = name.partition("+")
    splits = SPLITS[:2] if unseen else SPLITS
    source, folder = load_model(run_id), shipped_dir() / name
    note = " ".join(words) or _read_note(folder)
    if source.path != folder:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source.path, folder)
        write_info(folder, replace(source.info, name=name))
    dataset = load_dataset(find_source(None))
    votes = read_votes(find_votes(None) or "", dataset)
    model = _fit_confidence(load_model(folder), dataset, find_majority(votes.counts))
    results = {split: evaluate(model, dataset, split) for split in splits}
    against_crowd = {split: evaluate(model, dataset, split, votes=votes) for split in splits}
    _write_answers(model, dataset, splits)
    lines = list(model.info.test_evaluations)
    known = {line["model_digest"] for line in lines}
    lines += [line for line in read_ledger() if line["recipe"] == model.info.recipe and line["model_digest"] not in known]
    metrics: dict[str, dict[str, Any]] = {}
    for split, result in results.items():
        crowd = against_crowd[split]
        metrics[split] = {"n": len(result), "accuracy": result.accuracy.value, "log_loss": result.log_loss.value}
        if "crowd" in model.info.heads:
            crowd_metrics = {"n": len(crowd), "accuracy": crowd.accuracy.value, "log_loss": crowd.log_loss.value}
            metrics[split] |= {f"crowd_{key}": value for key, value in crowd_metrics.items()}
    write_info(folder, replace(model.info, metrics=metrics, test_evaluations=lines))
    card = write_card(load_model(folder), dataset, results, against_crowd, note)
    (folder / "README.md").write_text(card, encoding="utf-8")
    last = splits[-1]
    print(f"{folder}: {last} accuracy {results[last].accuracy.value:.4f}, crowd {against_crowd[last].accuracy.value:.4f}")


def _fit_confidence(model: Model, dataset: Dataset, majority: np.ndarray) -> Model:
    """Choose the threshold on validation, and fit temperatures where they are 1.0, as before they were fitted at export."""
    validation, classifier = dataset.split("validation"), Classifier(model)
    truth = {"label": validation.labels.astype(np.int64), "crowd": majority[validation.rows]}
    asked = {head: truth[head] >= 0 for head in model.info.heads}
    logits = {head: classifier.predict_logits(validation.images[known], head) for head, known in asked.items()}
    temperature = dict(model.info.temperature)
    if all(value == 1.0 for value in temperature.values()):
        temperature = {head: fit_temperature(logits[head], truth[head][known]) for head, known in asked.items()}
    live = model.info.live_head
    probabilities = softmax(logits[live].astype(np.float64), temperature[live])
    threshold = choose_threshold(probabilities, truth[live][asked[live]], TARGETS[live])
    write_info(model.path, replace(model.info, temperature=temperature, threshold=threshold))
    return load_model(model.path)


def _write_answers(model: Model, dataset: Dataset, splits: Sequence[str]) -> None:
    """Write what every head answers on these splits into evaluation.npz, keeping what is there."""
    path = model.path / "evaluation.npz"
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    classifier = Classifier(model, threads=2)
    for name in splits:
        split = dataset.split(name)
        arrays |= {f"{name}_row": split.rows.astype(np.int32), f"{name}_label": split.labels.astype(np.uint8)}
        for head in model.info.heads:
            key = f"{name}_{OUTPUTS[head]}"
            if key not in arrays:
                arrays[key] = classifier.predict_logits(split.images, head)
    np.savez_compressed(path, **arrays)


def _read_note(folder: Path) -> str:
    try:
        text = (folder / "README.md").read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    return text.partition(NOTE_START)[2].partition(NOTE_END)[0].strip()


if __name__ == "__main__":
    main()
