"""One training as it goes: its state, progress, curves, confusion and log."""

from pathlib import Path
from typing import get_args

import streamlit as st

from fer_core import charts, runs
from fer_core.charts.training import Measure
from fer_core.errors import RunError
from fer_core.evaluation import wilson_interval
from fer_core.runs import Run
from fer_core.ui import run_buttons, show
from fer_core.ui.durations import spoken
from fer_core.ui.roles import is_owner
from fer_core.ui.words import download_csv, percent

POLL_S = 3.0
"""Time between two looks at a training that goes on."""
STATES = {
    "queued": ("waiting", "orange"),
    "running": ("running", "blue"),
    "stopping": ("stopping", "orange"),
    "stopped": ("stopped", "gray"),
    "interrupted": ("interrupted", "orange"),
    "failed": ("failed", "red"),
    "done": ("done", "green"),
}
"""Word and colour of each state."""
_MEANINGS = {
    "running": "It goes on without this page, and without the app.",
    "stopping": "It ends within a few seconds and keeps what its recipe keeps.",
    "failed": "The training failed; its log says why.",
}
_QUIET = {"displayModeBar": False}


def follow(run: Run) -> None:
    """Show a training, again every few seconds while it goes on."""
    st.fragment(_panel, run_every=POLL_S if run.is_active else None)(run.id, run.state)


def nothing_yet(*, owner: bool) -> None:
    """Say what will be here, and how to bring it."""
    how = "*Start training* begins one: `seed` on the drawn sample takes a few minutes." if owner else "None was started yet."
    st.info(f"**Here loss and accuracy grow while a network learns.** {how}", icon=":material/show_chart:")


def _panel(run_id: str, drawn_state: str) -> None:
    try:
        run = runs.load_run(run_id)
        if run.state != drawn_state:
            st.rerun()
        _state(run)
        run_buttons.draw(run)
        _curves(run)
        _confusion(run)
        if is_owner():
            _log(run)
    except RunError:
        st.warning(f"The folder of run {run_id} was deleted or damaged while it was shown. Choose another run below.")


def _state(run: Run) -> None:
    word, colour = STATES[run.state]
    st.subheader(f"{run.recipe} :{colour}-badge[{word}]", anchor=False)
    st.caption(f"{run.id} · {run.data_name or 'its dataset was not read yet'}")
    if run.state == "queued":
        st.markdown(f"Number **{run.queue_position}** in the queue; it starts when the training before it ends.")
        return
    sentence = without_path(run) or _MEANINGS.get(run.state, "")
    if run.state == "failed":
        st.error(sentence)
    elif sentence:
        st.markdown(sentence)
    if run.is_active:
        st.progress(_share_done(run), _progress_words(run))
    _figures(run)


def without_path(run: Run) -> str:
    """Give the run's message with the dataset's name in place of where it lies, which is no viewer's business."""
    return run.message.replace(run.data, Path(run.data).name)


def _share_done(run: Run) -> float:
    within = min(run.batch / run.batches, 1.0) if run.batches else 0.0
    return min((run.epochs_done + within) / run.epochs, 1.0)


def _progress_words(run: Run) -> str:
    epoch = f"Epoch {min(run.epochs_done + 1, run.epochs)} of {run.epochs}"
    return f"{epoch}, batch {run.batch:,} of {run.batches:,}" if run.batches else epoch


def _figures(run: Run) -> None:
    figures = {
        "Epochs": (f"{run.epochs_done} of {run.epochs}", None),
        "Best on validation": (_share(run.best_validation), _interval_words(run)),
        "Images a second": (f"{run.images_per_s:,.0f}" if run.images_per_s else "–", None),
        "Time trained": (spoken(run.seconds), None),
    }
    if run.is_active:
        figures["Time left"] = (spoken(run.left_s) if run.left_s is not None else "–", None)
    with st.container(horizontal=True, gap="medium"):
        for name, (value, help_text) in figures.items():
            st.metric(name, value, help=help_text, width="content")


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value)


def _interval_words(run: Run) -> str | None:
    confusion = runs.read_confusion(run.id)
    if confusion is None or run.best_validation is None:
        return None
    n = int(confusion.sum())
    low, high = wilson_interval(round(run.best_validation * n), n)
    return f"The best epoch's accuracy on {n:,} validation images; 95 % interval {percent(low)} to {percent(high)}."


def _curves(run: Run) -> None:
    history, steps = {run.recipe: runs.read_history(run.id)}, {run.recipe: runs.read_steps(run.id)}
    if not history[run.recipe] and not steps[run.recipe]:
        if run.state in ("running", "stopping"):
            st.caption("Its curves begin within seconds, once TensorFlow is loaded.")
        return
    for place, measure in zip(st.columns(2), get_args(Measure), strict=True):
        figure = charts.training_curves(history, measure=measure, steps=steps, epochs=run.epochs)
        place.plotly_chart(figure, key=f"curve-{measure}", alt=f"{measure.capitalize()} by epoch", config=_QUIET)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Dotted: training, dropout and augmentation on. Solid: validation after each epoch.", width="stretch")
        history_rows = history[run.recipe]
        if history_rows and not run.is_active:
            download_csv("Figures as CSV", run.id, list(history_rows[0]), [list(line.values()) for line in history_rows])
    with st.expander("Learning rate and speed"):
        rate, speed = st.columns(2)
        rate.plotly_chart(charts.learning_rate(steps), key="curve-rate", alt="Learning rate by epoch", config=_QUIET)
        speed.plotly_chart(charts.throughput(steps), key="curve-speed", alt="Images a second by epoch", config=_QUIET)


def _confusion(run: Run) -> None:
    confusion = runs.read_confusion(run.id)
    if confusion is None:
        return
    st.markdown(f"**Validation after epoch {run.epochs_done}**", help="Rows are the true emotions.")
    figure = charts.confusion(confusion, normalise="true", ink=show.ink())
    st.plotly_chart(figure, key="run-confusion", alt="Confusion on validation, percent of each true emotion", config=_QUIET)
    st.caption(f"Percent of each true emotion; n = {int(confusion.sum()):,} validation images.")


def _log(run: Run) -> None:
    with st.expander("Log", expanded=run.state == "failed"):
        st.code(runs.read_log(run.id)[-20_000:] or "Nothing was printed yet.", language=None, height=240, wrap_lines=True)
