"""Make a run's model one that ships: `python -m benchmarks.ship_model RUN NAME [NOTE]`.

Looks at test (once: the ledger keeps it), adds those answers to evaluation.npz and the ledger's line to model.json, and
writes the model card from the figures, so that no number in it is typed by hand. NOTE is what the record cannot know, such as
why this run was chosen among several. FER2013_CSV names the dataset.
"""

# ruff: noqa: E501 - the card is a template of long lines

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.dataset import find_source, load_dataset
from fer_core.evaluation import Evaluation, evaluate, read_ledger
from fer_core.labels import EMOTIONS, SPLITS
from fer_core.model import Model, load_model, shipped_dir, write_info
from fer_core.runs import RECIPES, Recipe, changed_settings


def main() -> None:
    """Ship the run named on the command line."""
    run_id, name, *note = sys.argv[1:]
    source = load_model(run_id)
    folder = shipped_dir() / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source.path, folder)
    write_info(folder, replace(source.info, name=name))
    model = load_model(folder)
    dataset = load_dataset(find_source(None))
    results = {split: evaluate(model, dataset, split) for split in SPLITS}
    _add_answers(folder, results)
    lines = [line for line in read_ledger() if line["recipe"] == model.info.recipe]
    info = replace(model.info, metrics={split: _metrics(result) for split, result in results.items()}, test_evaluations=lines)
    write_info(folder, info)
    (folder / "README.md").write_text(_card(load_model(folder), results, " ".join(note)), encoding="utf-8")
    print(f"{folder}: test accuracy {results['test'].accuracy.value:.4f}")


def _metrics(result: Evaluation) -> dict[str, Any]:
    return {"n": len(result), "accuracy": result.accuracy.value, "log_loss": result.log_loss.value}


def _add_answers(folder: Path, results: dict[str, Evaluation]) -> None:
    arrays: dict[str, np.ndarray] = {}
    for split, result in results.items():
        arrays |= {
            f"{split}_row": result.rows.astype(np.int32),
            f"{split}_label": result.labels.astype(np.uint8),
            f"{split}_logits": result.logits.astype(np.float32),
        }
    np.savez_compressed(folder / "evaluation.npz", **arrays)


def _card(model: Model, results: dict[str, Evaluation], note: str) -> str:
    info = model.info
    test = results["test"]
    chosen = "the last epoch's weights, chosen by nothing" if info.selected_on == "none" else "the best epoch on validation"
    changed = changed_settings(Recipe.from_json(info.settings))
    changes = "".join(f" --set {key}={value}" for key, value in changed.items())
    settings = ", ".join(f"{key} {_word(value)}" for key, value in info.settings.items() if key not in ("name", "summary"))
    return f"""# Model card: {model.name}

{RECIPES[info.recipe].summary}

| split | n | accuracy (95 % interval) | macro-F1 | log loss, nats | calibration error, 15 bins |
|---|---|---|---|---|---|
{"".join(_row(split, result) for split, result in results.items())}
Test is FER2013's PrivateTest, validation its PublicTest. Accuracy has a Wilson interval, the others a percentile bootstrap of
rows (2,000 draws, seed 0). One forward pass, no test-time augmentation. Models of this recipe evaluated on test so far:
**{len(info.test_evaluations)}**. Temperature {info.temperature["label"]:g}, "unsure" below a confidence of {info.threshold:g}: neither is fitted yet.

On test, by emotion (precision and recall with Wilson, F1 with bootstrap intervals):

| emotion | n | precision | recall | F1 |
|---|---|---|---|---|
{"".join(_emotion_row(emotion, test) for emotion in EMOTIONS)}
## How it was made

- Data: FER2013, {info.data["splits"]["train"]["n"]:,} training images, none left out (digest `{info.data["digest"][:16]}`). The dataset was gathered from
  the web for research and its terms are research only; so is the use of a model trained on it.
- Recipe: `{info.recipe}`: {settings}.
- Command: `fer-studio train --recipe {info.recipe}{changes}`, run `{info.run_id}`, {info.seconds / 60:.0f} minutes of training on {info.machine}
  (shared with other work), TensorFlow {info.versions["tensorflow"]}, Keras {info.versions["keras"]}. The weights are those of epoch
  {info.epoch}: {chosen}. Selected on: {info.selected_on}. `history.csv` has every epoch.
- {info.parameters:,} parameters. `model.tflite` gives Keras's logits within 1e-4.
{f"- {note}" if note else ""}

Every model of this recipe that was ever evaluated on this test split:

| run | when | accuracy on test |
|---|---|---|
{"".join(_ledger_row(line, test) for line in info.test_evaluations)}

## What it is for

Exploring, teaching and demonstrating expression recognition. **Not for decisions about people**: not for hiring, teaching
marks, policing, health, insurance or advertising. An expression is not an emotion felt, and a label is one person's guess at it.

## Limits

- FER2013's own labels agree with a crowd's majority for about 65 % of its images, which bounds every figure above.
- Disgust is rare ({results["train"].per_class["disgust"]["n"]} of {len(results["train"]):,} training images). Training and test hold exact and near copies of each other; they are not left out here.
- Faces are 48 x 48 gray pixels, framed as FER2013 frames them; other framing, light and cameras lower the accuracy.
- FER2013's people are no fair sample of humankind; accuracy by age, gender or skin tone is not known.
"""


def _row(split: str, result: Evaluation) -> str:
    figures = (result.macro_f1, result.log_loss, result.ece)
    rest = " | ".join(f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})" for figure in figures)
    accuracy = result.accuracy
    shown = f"{accuracy.value:.2%} ({accuracy.low:.2%} to {accuracy.high:.2%})"
    return f"| {split} | {len(result):,} | {shown} | {rest} |\n"


def _emotion_row(emotion: str, result: Evaluation) -> str:
    per_class = result.per_class[emotion]
    figures = (per_class["precision"], per_class["recall"], per_class["f1"])
    return (
        f"| {emotion} | {per_class['n']} | "
        + " | ".join(f"{f.value:.3f} ({f.low:.3f} to {f.high:.3f})" for f in figures)
        + " |\n"
    )


def _ledger_row(line: dict[str, Any], test: Evaluation) -> str:
    this = " (this model)" if line["model_digest"] == test.model_digest else ""
    return f"| {line['run_id']}{this} | {line['when'][:10]} | {line['accuracy']:.2%} |\n"


def _word(value: object) -> str:
    return " + ".join(value) or "none" if isinstance(value, list) else str(value)


if __name__ == "__main__":
    main()
