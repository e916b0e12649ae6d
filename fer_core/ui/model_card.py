"""The serving model in one glance: its figure, what the figure is of, and what others reach."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from html import escape

import streamlit as st

from fer_core.errors import ModelError
from fer_core.evaluation import REFERENCES, Figure, Reference, read_ledger, times_tested, wilson_interval
from fer_core.labels import FER2013_SPLIT_COUNTS
from fer_core.model import Model, serving_note
from fer_core.ui import load, words

_SCALE = (0.45, 1.0)
"""The accuracies between which all figures lie."""


@dataclass(frozen=True)
class Measured:
    """A model's accuracy as it was measured before.

    Attributes:
        split: what it was measured on.
        n: how many images.
        accuracy: 0..1, with its 95 % interval.
    """

    split: str
    n: int
    accuracy: Figure


def measured(model: Model) -> Measured | None:
    """Find a model's accuracy on test, else on validation, without running it.

    Returns:
        None where neither was ever measured.
    """
    found = model.info.metrics
    lines = [line for line in [*model.info.test_evaluations, *read_ledger()] if line.get("model_digest") == model.digest]
    own = [line for line in lines if line.get("data_digest") == model.info.data.get("digest")]
    for split, figures in (("test", found.get("test") or (own[0] if own else None)), ("validation", found.get("validation"))):
        if figures and figures.get("n") and figures.get("accuracy") is not None:
            n, accuracy = int(figures["n"]), float(figures["accuracy"])
            return Measured(split, n, Figure(accuracy, *wilson_interval(round(accuracy * n), n)))
    return None


def is_fer2013(model: Model) -> bool:
    """Tell whether a model was trained on FER2013's own splits, so that its figures stand beside others'."""
    splits = model.info.data.get("splits", {})
    return all(splits.get(name, {}).get("n") == n for name, n in FER2013_SPLIT_COUNTS.items())


def serving_card() -> None:
    """Show the serving model, or how to get one."""
    try:
        model = load.model()
    except ModelError as error:
        st.subheader("No model serves yet")
        st.write("Train one on the drawn sample in a few minutes, then promote it to serve.")
        st.caption(str(error))
        st.page_link("pages/training.py", label="Train a model", icon=":material/model_training:")
        return
    note = serving_note()
    if note:
        st.warning(note)
    found = measured(model)
    st.html(_headline(model, found) + _facts(model, found))
    if not _is_comparable(model, found):
        st.caption(_not_comparable(model, found))
    st.page_link(
        "pages/evaluation.py",
        label="See where it is wrong",
        icon=":material/arrow_forward:",
        query_params={"model": model.name},
    )


def others_card() -> None:
    """Set the serving model beside people and other projects, where its figure is one of theirs."""
    with suppress(ModelError):
        model = load.model()
        found = measured(model)
        if found and _is_comparable(model, found):
            with st.container(border=True):
                st.html(f'<p class="fer-over">Beside people and other projects</p>{ruler(model.name, found)}')


def ruler(name: str, found: Measured) -> str:
    """Set a model's accuracy beside the others', lowest first, each with what is known to be wrong with it."""
    own = Reference(name, found.accuracy.value, "PrivateTest", "measured by this project")
    rows = sorted([*REFERENCES, own], key=lambda reference: reference.accuracy)
    low, high = (f"{100 * end:.0f} %" for end in _SCALE)
    scale = f'<li class="scale"><span>Accuracy on FER2013</span><div><em>{low}</em><em>{high}</em></div><b></b></li>'
    return f'<ul class="fer-ruler">{scale}{"".join(_ruler_row(row, found if row is own else None) for row in rows)}</ul>'


def _ruler_row(row: Reference, found: Measured | None) -> str:
    low, high = row.accuracy, row.accuracy
    value = words.percent(row.accuracy)
    if found:
        low, high = found.accuracy.low, found.accuracy.high
    elif row.margin:
        low, high = row.accuracy - row.margin, row.accuracy + row.margin
        value = f"{100 * row.accuracy:.0f} ± {100 * row.margin:.0f} %"
    claim = f'<s style="left:{_place(row.claimed):.2f}%" title="claimed"></s>' if row.claimed else ""
    fault = f"<small>{escape(_sentence(row, found))}</small>"
    return (
        f"<li{' class=own' if found else ''}><span>{escape(row.name)}{fault}</span>"
        f'<div><u style="left:{_place(low):.2f}%;width:{_place(high) - _place(low):.2f}%"></u>'
        f'<i style="left:{_place(row.accuracy):.2f}%"></i>{claim}</div><b>{value}</b></li>'
    )


def _place(accuracy: float) -> float:
    """Place an accuracy on the scale, in percent of its width."""
    low, high = _SCALE
    return 100 * min(max((accuracy - low) / (high - low), 0.0), 1.0)


def _sentence(row: Reference, found: Measured | None) -> str:
    if found:
        return f"this model, one pass an image; 95 % interval {words.interval(found.accuracy)}, n = {found.n:,}"
    return row.fault or f"{row.source}, {row.split}"


def _headline(model: Model, found: Measured | None) -> str:
    if found is None:
        figure = '<div class="fer-figure"><strong>–</strong><span>not evaluated on test or validation yet</span></div>'
    else:
        figure = (
            f'<div class="fer-figure"><strong>{words.percent(found.accuracy.value)}</strong>'
            f"<span>of {found.n:,} {escape(_split_words(model, found.split))} images named as labelled<br>"
            f"95 % interval {words.interval(found.accuracy)}</span></div>"
        )
    return f'<p class="fer-over">Serving model</p><h3 class="fer-name">{escape(model.name)}</h3>{figure}'


def _split_words(model: Model, split: str) -> str:
    return f"{model.info.data.get('name', 'unknown')} {split}"


def _is_comparable(model: Model, found: Measured | None) -> bool:
    return found is not None and found.split == "test" and is_fer2013(model)


def _facts(model: Model, found: Measured | None) -> str:
    info = model.info
    facts = {
        "Trained": f"{_day(info.created)}, {_hours(info.seconds)} on {info.machine}{_before_words(model)}",
        "On": f"{info.data.get('name', '?')}, {_trained_images(model)}",
        "Recipe": f"{info.recipe}, epoch {info.epoch}, {info.parameters:,} parameters",
        "Chosen on": {"none": "nothing: the last epoch is kept"}.get(info.selected_on, info.selected_on),
    }
    seen = _crowd_words(model, found.split) if found else ""
    if seen:
        facts["As most people see it"] = seen
    if found and found.split == "test":
        looked = times_tested(info.recipe, info.data.get("splits", {}).get("test", {}).get("digest", ""), [model])
        facts["Test seen by"] = f"{looked} {'model' if looked == 1 else 'models'} of this recipe"
    rows = "".join(f"<dt>{key}</dt><dd>{escape(value)}</dd>" for key, value in facts.items())
    return f'<dl class="fer-facts">{rows}</dl>'


def _before_words(model: Model) -> str:
    """Say whose weights it began from and who taught it: the time that they took is not in its own."""
    starts = [name for name in str(model.info.settings.get("start") or "").split(",") if name.strip()]
    teachers = len(model.info.settings.get("teachers") or ())
    parts = []
    if starts:
        parts.append("from " + (f"the mean of {len(starts)} models' weights" if len(starts) > 1 else "another model's weights"))
    if teachers:
        parts.append(f"taught by {teachers} {'model' if teachers == 1 else 'models'}")
    return f", {' and '.join(parts)}, whose own time is not counted here" if parts else ""


def _crowd_words(model: Model, split: str) -> str:
    """Say how often the crowd head names what most voters saw; empty where that is not known."""
    metrics = model.info.metrics.get(split, {})
    n, accuracy = metrics.get("crowd_n"), metrics.get("crowd_accuracy")
    if not n or accuracy is None:
        return ""
    figure = Figure(accuracy, *wilson_interval(round(accuracy * n), n))
    where = f"of {n:,} {split} images with a clear FER+ majority"
    return f"{words.percent(accuracy)} {where} (95 % interval {words.interval(figure)}), by a head of its own"


def _trained_images(model: Model) -> str:
    info = model.info
    n = info.data.get("splits", {}).get("train", {}).get("n", 0)
    return f"{n - info.rows_left_out:,} of {n:,} images" if info.rows_left_out else f"{n:,} images"


def _not_comparable(model: Model, found: Measured | None) -> str:
    if not is_fer2013(model):
        return "It was not trained on FER2013, so its figure does not stand beside people's 65 ± 5 % or other projects'."
    where = "on validation only" if found else "nowhere yet"
    return f"Measured {where}. Evaluate it on test once, and it stands beside people and other projects here."


def _day(created: str) -> str:
    try:
        return f"{datetime.fromisoformat(created):%d %B %Y}".lstrip("0")
    except ValueError:
        return "on an unknown day"


def _hours(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
