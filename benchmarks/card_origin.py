"""Where a shipped model comes from and what it is for: the second half of its card."""

# ruff: noqa: E501 - the card is a template of long lines

from collections.abc import Mapping
from typing import Any

from fer_core.evaluation import Evaluation
from fer_core.model import Model, ModelInfo
from fer_core.runs import Recipe, changed_settings

NOTE_START, NOTE_END = "<!-- note -->", "<!-- end of note -->"


def describe_origin(model: Model, judged: Evaluation, note: str) -> str:
    """Write the data, the recipe and command, the note, and every look at test of the recipe's models."""
    info = model.info
    settings = ", ".join(
        f"{key} {_word(value, ' + ')}" for key, value in info.settings.items() if key not in ("name", "summary")
    )
    trained_on = info.data["splits"]["train"]["n"] - info.rows_left_out
    left_out = ", ".join(f"{rule} {n}" for rule, n in info.data.get("left_out", {}).items())
    left = f"{info.rows_left_out} left out ({left_out}; a row may be under several)" if info.rows_left_out else "none left out"
    votes = f" Votes: FER+ (digest `{info.data['votes_digest'][:16]}`)." if info.data.get("votes_digest") else ""
    models = ", ".join(
        f"`{source['given']}` is run `{source['run_id']}`"
        for source in info.data.get("models", [])
        if source["given"] != source["run_id"]
    )
    ledger = "".join(_ledger_row(line, judged) for line in info.test_evaluations) or "| none yet | | |\n"
    return f"""## How it was made

- Data: FER2013, {trained_on:,} training images, {left} (digest `{info.data["digest"][:16]}`).{votes} The dataset was
  gathered from the web for research and its terms are research only; so is the use of a model trained on it.
- Recipe: `{info.recipe}`: {settings}.{f" Models named here: {models}." if models else ""}
- {_describe_training(info)} The weights are those of epoch
  {info.epoch}: {_describe_choice(info)}. Selected on: {info.selected_on}. `history.csv` has every epoch.
- {info.parameters:,} parameters. `model.tflite` gives Keras's logits within 1e-4.

{NOTE_START}
{note}
{NOTE_END}

Every model of this recipe that was ever evaluated on this test split:

| run | when | accuracy on test |
|---|---|---|
{ledger}"""


def _describe_training(info: ModelInfo) -> str:
    others = [
        words for key, words in (("start", "that it began from"), ("teachers", "that taught it")) if info.settings.get(key)
    ]
    own = f" of its own, beside that of the models {' and '.join(others)}," if others else ""
    versions = f"TensorFlow {info.versions['tensorflow']}, Keras {info.versions['keras']}"
    took = f"run `{info.run_id}`, {info.seconds / 60:.0f} minutes of training{own} on {info.machine}"
    script, _, framework = info.backend.partition(", ")
    if framework:  # not the app's own training
        said = f"Trained by `{script}` (the recipe says in the app's words what it did), {took}"
        return f"{said},\n  {framework}, exported by {versions}."
    changes = "".join(
        f" --set {key}={_word(value, ',')}" for key, value in changed_settings(Recipe.from_json(info.settings)).items()
    )
    command = f"Command: `fer-studio train --recipe {info.recipe}{changes}`, {took}"
    return f"{command}\n  (shared with other work), {info.backend}, {versions}."


def _describe_choice(info: ModelInfo) -> str:
    if info.settings.get("selected_on") == "validation":
        return "the best epoch on validation"
    if info.selected_on == "none":
        return "the last epoch's weights, chosen by nothing"
    return f"the last epoch's weights; {info.selected_on} chose this run among several"


def describe_use(model: Model, train: Evaluation) -> str:
    """Write what the model is for, and its limits."""
    copies = (
        "the exact ones are left out of training here"
        if "copies" in model.info.data.get("left_out", {})
        else "they are not left out here"
    )
    return f"""## What it is for

Exploring, teaching and demonstrating expression recognition. **Not for decisions about people**: not for hiring, teaching
marks, policing, health, insurance or advertising. An expression is not an emotion felt, and a label is one person's guess at it.

## Limits

- FER2013's own labels agree with a crowd's majority for about 65 % of its images, which bounds every figure against them.
- Disgust is rare ({train.per_class["disgust"]["n"]} of {len(train):,} training images). Training and test hold exact and near copies of each other; {copies}.
- Faces are 48 x 48 gray pixels, framed as FER2013 frames them; other framing, light and cameras lower the accuracy.
- FER2013's people are no fair sample of humankind; accuracy by age, gender or skin tone is not known.
"""


def _ledger_row(line: Mapping[str, Any], judged: Evaluation) -> str:
    this = " (this model)" if line["model_digest"] == judged.model_digest else ""
    return f"| {line['run_id']}{this} | {line['when'][:10]} | {line['accuracy']:.2%} |\n"


def _word(value: object, joint: str) -> str:
    return (joint.join(map(str, value)) if isinstance(value, list) else str(value)) or "none"
